package oracle

import (
	"slices"

	"github.com/shopspring/decimal"
)

// filledIsRegistered: what a provider was told is filled is one registered trade, under the id that it was told.
func filledIsRegistered(c *Case) []Violation {
	return c.each(func(st *story) []Violation {
		a, filled := st.accepted()
		if !filled || !st.asksForTrade() {
			return nil
		}
		switch {
		case len(st.trades) == 0:
			return []Violation{broken(st.String(), "filled as %s, which is not registered", a.ID)}
		case st.trades[0].ID != a.ID:
			return []Violation{broken(st.String(), "filled as %s, registered as %s", a.ID, st.trades[0].ID)}
		}
		return nil
	})
}

// rejectedIsNotRegistered: what was only rejected is no trade, and the rejection is on record.
func rejectedIsNotRegistered(c *Case) []Violation {
	return c.each(func(st *story) []Violation {
		if _, filled := st.accepted(); filled || !st.asksForTrade() || len(st.finals()) == 0 {
			return nil
		}
		var found []Violation
		for _, t := range st.trades {
			found = append(found, broken(st.String(), "rejected, and registered as %s", t.ID))
		}
		if len(st.withState(Rejected)) > 0 && st.refused == 0 {
			found = append(found, late(st.String(), "rejected, which is not on record"))
		}
		return found
	})
}

// registeredWasAskedFor: each trade has a request, and each request has one trade at most.
func registeredWasAskedFor(c *Case) []Violation {
	return c.each(func(st *story) []Violation {
		if len(st.trades) == 0 {
			return nil
		}
		var found []Violation
		if !st.asksForTrade() {
			found = append(found, broken(st.trades[0].ID, "registered for %s, which nobody asked for", st))
		}
		if len(st.trades) > 1 {
			found = append(found, broken(st.String(), "registered %d times: as %s and as %s", len(st.trades), st.trades[0].ID, st.trades[1].ID))
		}
		return found
	})
}

// registeredAsAsked: the trade is what was asked for under its reference. Where several messages under it were on their
// way before the first was answered, it is one of them: replicas decide at the same time, and the first to begin wins.
func registeredAsAsked(c *Case) []Violation {
	return c.each(func(st *story) []Violation {
		candidates := st.candidates()
		var found []Violation
		for _, t := range st.trades {
			differences := make([]string, 0, len(candidates))
			for _, s := range candidates {
				differences = append(differences, t.differs(s))
			}
			if len(differences) > 0 && !slices.Contains(differences, "") {
				found = append(found, broken(t.ID, "%s: %s", st, differences[0]))
			}
		}
		return found
	})
}

// candidates are the messages that can have become the trade: the first, and those sent before the core had decided one. A message
// that was refused as it stands takes no reference.
func (st *story) candidates() []Sent {
	finals := st.withState(Accepted, Rejected)
	var all []Sent
	for i, s := range st.sent {
		if i == 0 || len(finals) == 0 || s.At.Before(finals[0].At) {
			all = append(all, s)
		}
	}
	return all
}

// differs tells in what the trade is not what was asked for; empty if in nothing.
func (t *Trade) differs(s Sent) string {
	legs := 1
	if s.Product == "swap" {
		legs = 2
	}
	if len(t.Legs) != legs {
		return "a " + s.Product + " with the wrong number of legs"
	}
	near := t.Legs[0]
	amount, side := near.BaseAmount, near.BaseSide
	if s.Currency == t.Quote {
		amount, side = near.QuoteAmount, opposite(side)
	}
	switch {
	case t.Client != s.Client:
		return "client " + t.Client + ", asked for " + s.Client
	case t.Product != s.Product:
		return "product " + t.Product + ", asked for " + s.Product
	case t.Base+"/"+t.Quote != s.Pair:
		return "pair " + t.Base + "/" + t.Quote + ", asked for " + s.Pair
	case t.Dealt != s.Currency:
		return "deals " + t.Dealt + ", asked for " + s.Currency
	case side != s.Side:
		return "client " + side + "s, asked to " + s.Side
	case !amount.Equal(s.Amount):
		return "amount " + amount.String() + ", asked for " + s.Amount.String()
	case !near.Rate.Equal(s.Rate):
		return "rate " + near.Rate.String() + ", asked for " + s.Rate.String()
	}
	return t.farDiffers()
}

// farDiffers: the far leg of a swap gives back what the near leg took.
func (t *Trade) farDiffers() string {
	if len(t.Legs) < 2 {
		return ""
	}
	near, far := t.Legs[0], t.Legs[1]
	dealt := func(l Leg) decimal.Decimal {
		if t.Dealt == t.Quote {
			return l.QuoteAmount
		}
		return l.BaseAmount
	}
	switch {
	case far.BaseSide == near.BaseSide:
		return "both legs go the same way"
	case !dealt(far).Equal(dealt(near)):
		return "far leg of " + dealt(far).String() + ", near leg of " + dealt(near).String()
	case far.ValueDate <= near.ValueDate:
		return "far leg on " + far.ValueDate + ", near leg on " + near.ValueDate
	}
	return ""
}

func opposite(side string) string {
	if side == "buy" {
		return "sell"
	}
	return "buy"
}

// authorised: nothing is registered or reserved that authorisation has not seen.
func authorised(c *Case) []Violation {
	claimed := make(map[string]bool, len(c.Claims))
	for _, id := range c.Claims {
		claimed[id] = true
	}
	var found []Violation
	for _, t := range c.Trades {
		if !claimed[t.ID] {
			found = append(found, broken(t.ID, "registered without having been authorised"))
		}
	}
	for _, r := range c.Reservations {
		if !claimed[r.ID] {
			found = append(found, broken(r.ID, "reserved without having been authorised"))
		}
	}
	return found
}

// assigned: each trade has one desk and one trader who answer for it, and trading knows them.
func assigned(c *Case) []Violation {
	by := make(map[string]Assignment, len(c.Assignments))
	for _, a := range c.Assignments {
		by[a.TradeID] = a
	}
	var found []Violation
	for _, t := range c.Trades {
		a, ok := by[t.ID]
		switch {
		case !ok || t.Desk == "" || t.Trader == "":
			found = append(found, late(t.ID, "nobody answers for it: assigned to %q %q, known to trading as %q %q", a.Desk, a.Trader, t.Desk, t.Trader))
		case a.Desk != t.Desk || a.Trader != t.Trader:
			found = append(found, broken(t.ID, "assigned to %s %s, known to trading as %s %s", a.Desk, a.Trader, t.Desk, t.Trader))
		}
	}
	return found
}
