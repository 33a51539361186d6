package oracle

import (
	"fmt"
	"time"
)

// legsOwed: settlement keeps each leg of each trade, with its date and amounts, and no other leg.
func legsOwed(c *Case) []Violation {
	if !c.settles() {
		return nil
	}
	kept := map[SettledLeg]Obligation{}
	var found []Violation
	for _, o := range c.Owed {
		if t := c.byTrade[o.TradeID]; t == nil || o.Leg < 1 || o.Leg > len(t.Legs) {
			found = append(found, broken(o.TradeID, "settlement keeps leg %d, which is not registered", o.Leg))
		}
		kept[o.SettledLeg] = o
	}
	for _, t := range c.Trades {
		for i, leg := range t.Legs {
			o, known := kept[SettledLeg{t.ID, i + 1}]
			switch text := t.owedOtherwise(leg, o); {
			case !known:
				found = append(found, late(t.ID, "settlement does not keep leg %d", i+1))
			case text != "":
				found = append(found, broken(t.ID, "settlement keeps leg %d with %s", i+1, text))
			}
		}
	}
	return found
}

// settles tells whether there is a settlement whose work can be judged.
func (c *Case) settles() bool { return len(c.Owed) > 0 }

// owedOtherwise tells in what settlement keeps a leg not as it was registered; empty if in nothing.
func (t *Trade) owedOtherwise(leg Leg, o Obligation) string {
	base := leg.BaseAmount
	quote := leg.QuoteAmount.Neg()
	if leg.BaseSide == "sell" {
		base, quote = base.Neg(), quote.Neg()
	}
	switch {
	case o.Client != t.Client:
		return "client " + o.Client
	case o.ValueDate != leg.ValueDate:
		return "value date " + o.ValueDate + ", registered for " + leg.ValueDate
	case o.Base != t.Base || o.Quote != t.Quote || !o.BaseAmount.Equal(base) || !o.QuoteAmount.Equal(quote):
		return fmt.Sprintf("%s %s against %s %s", o.BaseAmount, o.Base, o.QuoteAmount, o.Quote)
	}
	return ""
}

// executedOnce: a settled leg is a part of one movement, which the mainframe has made once, and which pays what its legs come to.
func executedOnce(c *Case) []Violation {
	legs, times := c.legsOf(), map[string]int{}
	var found []Violation
	for _, m := range c.Moved {
		if times[m.ID]++; times[m.ID] > 1 {
			found = append(found, broken(m.ID, "the mainframe has moved it %d times", times[m.ID]))
		}
		if len(legs[m.ID]) == 0 {
			found = append(found, late(m.ID, "the mainframe has moved it, and no leg of a trade belongs to it"))
			continue
		}
		found = append(found, paysOtherwise(m, legs[m.ID])...)
	}
	for _, m := range c.Movements {
		for _, o := range legs[m.ID] {
			if o.State == legDone && m.State == made && times[m.ID] == 0 && len(m.Payments) > 0 {
				found = append(found, broken(o.TradeID, "leg %d is settled by movement %s, which the mainframe has not made", o.Leg, m.ID))
			}
		}
	}
	return found
}

// legsOf returns the legs of each movement.
func (c *Case) legsOf() map[string][]Obligation {
	legs := map[string][]Obligation{}
	for _, o := range c.Owed {
		if o.Movement != "" {
			legs[o.Movement] = append(legs[o.Movement], o)
		}
	}
	return legs
}

// paysOtherwise finds in which currencies a movement does not pay what its legs come to.
func paysOtherwise(m Movement, legs []Obligation) []Violation {
	pays, come := sums[string]{}, sums[string]{}
	for _, p := range m.Payments {
		pays.add(p.Currency, p.gets())
	}
	for _, o := range legs {
		come.add(o.Base, o.BaseAmount)
		come.add(o.Quote, o.QuoteAmount)
	}
	var found []Violation
	for _, currency := range pays.differences(come) {
		found = append(found, broken(m.ID, "pays %s %s, its %d legs come to %s", pays[currency], currency, len(legs), come[currency]))
	}
	return found
}

// executedOnItsDate: the mainframe has moved what a leg exchanges within the hours of its value date, and under that date. Legs that are
// netted are moved together: from when the first of them is due until the first cut-off.
func executedOnItsDate(c *Case) []Violation {
	legs := c.legsOf()
	var found []Violation
	for _, m := range c.Moved {
		from, until := hoursOf(legs[m.ID])
		for _, o := range legs[m.ID] {
			switch {
			case m.ValueDate != o.ValueDate:
				found = append(found, broken(o.TradeID, "leg %d of %s was moved for %s", o.Leg, o.ValueDate, m.ValueDate))
			case m.At.Before(from) || m.At.After(until):
				found = append(found, broken(o.TradeID, "leg %d of %s was moved at %s, can be paid from %s until %s", o.Leg, o.ValueDate,
					m.At.Format(time.RFC3339), from.Format(time.RFC3339), until.Format(time.RFC3339)))
			case !dateOf(o.ValueDate, o.From, o.Until):
				found = append(found, broken(o.TradeID, "leg %d of %s can be paid from %s until %s", o.Leg, o.ValueDate,
					o.From.Format(time.RFC3339), o.Until.Format(time.RFC3339)))
			}
		}
	}
	for _, m := range c.Movements {
		for _, o := range legs[m.ID] {
			if m.Early && o.State == legDone {
				found = append(found, broken(o.TradeID, "leg %d of %s is settled before that date has begun", o.Leg, o.ValueDate))
			}
		}
	}
	return found
}

// hoursOf returns in which hours legs of one movement can be paid.
func hoursOf(legs []Obligation) (from, until time.Time) {
	for i, o := range legs {
		if i == 0 || o.From.Before(from) {
			from = o.From
		}
		if i == 0 || o.Until.Before(until) {
			until = o.Until
		}
	}
	return from, until
}

// Bounds of the hours in which a value date can be paid. Some currencies have their cut-off the business day before, which a long
// holiday moves further away. A broken date is paid on the next date on which both currencies settle. [PaidWithin] is exact.
const (
	earliest = 12 * 24 * time.Hour
	latest   = 12 * 24 * time.Hour
)

// dateOf tells whether hours can be those of a value date.
func dateOf(date string, from, until time.Time) bool {
	begins, err := time.Parse(time.DateOnly, date)
	return err == nil && from.Before(until) && !from.Before(begins.Add(-earliest)) && !until.After(begins.Add(latest))
}

// PaidWithin is the promise that settlement keeps for each leg the hours in which its value date can be paid, as somebody else knows
// them from the calendars.
func PaidWithin(hours func(pair, date string) (from, until time.Time, err error)) []Rule {
	return []Rule{{"hours of its date", func(c *Case) []Violation {
		var found []Violation
		for _, o := range c.Owed {
			from, until, err := hours(o.Base+"/"+o.Quote, o.ValueDate)
			if err != nil || !from.Equal(o.From) || !until.Equal(o.Until) {
				found = append(found, broken(o.TradeID, "leg %d of %s can be paid from %s until %s, and not from %s until %s: %v", o.Leg, o.ValueDate,
					from.Format(time.RFC3339), until.Format(time.RFC3339), o.From.Format(time.RFC3339), o.Until.Format(time.RFC3339), err))
			}
		}
		return found
	}}}
}

// grace of what is due: for the job that looks at cut-offs, and for the mainframe's last answers.
const dueGrace = 2 * time.Minute

// nothingForgotten: a leg whose time is over is settled, or known to have failed, or was moved early and waits for its date.
func nothingForgotten(c *Case) []Violation {
	var found []Violation
	early := c.early()
	for _, o := range c.Owed {
		if o.State != legDone && o.State != failed && o.State != withdrawn && !early[o.Movement] && c.At.After(o.Until.Add(dueGrace)) {
			found = append(found, late(o.TradeID, "leg %d of %s is %s, its cut-off was %s", o.Leg, o.ValueDate, o.State, o.Until.Format(time.RFC3339)))
		}
	}
	return found
}

// executedIsSettled: a trade is executed when all its legs are settled, and not before.
func executedIsSettled(c *Case) []Violation {
	if !c.settles() {
		return nil
	}
	done := map[string]int{}
	for _, o := range c.Owed {
		if o.State == legDone {
			done[o.TradeID]++
		}
	}
	var found []Violation
	for _, t := range c.Trades {
		switch executed, all := t.Status == "executed", done[t.ID] == len(t.Legs); {
		case executed && !all:
			found = append(found, broken(t.ID, "executed, %d of its legs are not settled", len(t.Legs)-done[t.ID]))
		case !executed && all:
			found = append(found, late(t.ID, "all its legs are settled, its status is %s", t.Status))
		}
	}
	return found
}

// Settlement is what the rules count of the legs: for a summary.
type Settlement struct {
	Executed    int // legs whose payments the mainframe has made, or that net to zero
	Twice       int // legs whose payments it has made more than once, and movements that belong to no leg
	NotExecuted int // legs whose time is over, and whose payments it has not made
	Failed      int // of these, those that are known to have failed
	Open        int // legs whose time is not over
}

// Count counts the legs of evidence.
func (e Evidence) Count() (n Settlement) {
	times, known := map[string]int{}, map[string]bool{}
	for _, m := range e.Moved {
		times[m.ID]++
	}
	for _, m := range e.Movements {
		if m.State == made && len(m.Payments) == 0 { // netted to zero
			times[m.ID]++
		}
	}
	for _, o := range e.Owed {
		known[o.Movement] = true
		if o.State == withdrawn {
			continue
		}
		switch {
		case times[o.Movement] > 1:
			n.Twice++
			n.Executed++
		case times[o.Movement] == 1:
			n.Executed++
		case e.At.After(o.Until) || o.State == failed:
			n.NotExecuted++
			if o.State == failed {
				n.Failed++
			}
		default:
			n.Open++
		}
	}
	for id := range times {
		if !known[id] {
			n.Twice++
		}
	}
	return n
}
