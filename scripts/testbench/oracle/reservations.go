package oracle

import "time"

// States of a reservation.
const (
	reserved  = "RESERVED"
	consumed  = "CONSUMED"
	used      = "USED"
	released  = "RELEASED"
	cancelled = "CANCELLED"
	lapsed    = "EXPIRED"
	reversed  = "REVERSED"
	settled   = "SETTLED"
)

// grace is how long a reservation may stay reserved after its expiry. The expiry job runs every second.
const grace = time.Minute

// overdue tells whether the reservation should have lapsed by now.
func (r Reservation) overdue(now time.Time) bool {
	return r.State == reserved && r.ExpiresAt.Add(grace).Before(now)
}

// reservationConsumed: each trade has drawn its client's line, once, under its own id, and draws it until it is settled.
func reservationConsumed(c *Case) []Violation {
	var found []Violation
	for _, t := range c.Trades {
		r, ok := c.reservations[t.ID]
		switch {
		case !ok:
			found = append(found, late(t.ID, "registered without a reservation"))
		case r.Kind != "trade" || r.Client != "client/"+t.Client:
			found = append(found, broken(t.ID, "reserved as a %s of %s, registered for %s", r.Kind, r.Client, t.Client))
		case r.State != consumed && r.State != settled && !(r.State == gone && t.deleted()):
			found = append(found, late(t.ID, "registered, its reservation is %s", r.State))
		case !r.Taken.Equal(r.due()):
			found = append(found, broken(t.ID, "registered, %s of its reservation of %s is consumed, which is %s", r.Taken, r.Amount, r.State))
		}
	}
	return found
}

// reservationAccountedFor: a reservation that holds a part of a line has a reason to, and a line check holds the parts that
// follow from what its provider was told.
func reservationAccountedFor(c *Case) []Violation {
	approved := c.approved()
	steps := c.steps()
	var found []Violation
	for _, r := range c.Reservations {
		var v Violation
		var wrong bool
		if r.Kind == "trade" {
			v, wrong = c.accountTrade(r)
		} else {
			v, wrong = c.accountCheck(r, approved[r.ID], steps[r.ID])
		}
		if wrong {
			found = append(found, v)
		}
	}
	for id, st := range approved {
		if _, ok := c.reservations[id]; !ok {
			found = append(found, broken(st.String(), "approved as %s, which is not reserved", id))
		}
	}
	return found
}

func (c *Case) accountTrade(r Reservation) (Violation, bool) {
	if _, registered := c.byTrade[r.ID]; registered || (r.State != consumed && r.State != settled && !r.overdue(c.At)) {
		return Violation{}, false
	}
	return late(r.ID, "%s for a trade that is not registered", r.State), true
}

func (c *Case) accountCheck(r Reservation, st *story, steps []step) (Violation, bool) {
	if st == nil {
		return late(r.ID, "%s for a line check that was not approved", r.State), true
	}
	if text := st.differs(r); text != "" {
		return broken(r.ID, "%s: %s", st, text), true
	}
	if !r.ExpiresAt.After(c.At) {
		from, to := c.lapses(r.ExpiresAt)
		steps = append(steps, step{what: lapse, from: from, to: to, maybe: r.State == reserved && !r.overdue(c.At)})
	}
	if explains(holding{open: r.Amount, state: reserved}, steps, holding{open: r.Open, taken: r.Taken, state: r.State}) {
		return Violation{}, false
	}
	return late(r.ID, "%s, %s open and %s consumed of %s: %s", r.State, r.Open, r.Taken, r.Amount, told(steps)), true
}

// lapses returns the instants between which a reservation lapses: its expiry. If the bank's clock jumped over that, it is any time
// after the jump's beginning, zero: programs follow a jump one after the other, and one that is cut off follows late.
func (c *Case) lapses(expiry time.Time) (from, to time.Time) {
	for _, j := range c.Jumps {
		if !expiry.Before(j.From) && !expiry.After(j.To) {
			return j.From, time.Time{}
		}
	}
	return expiry, expiry
}

// differs tells in what a line check's reservation is not what was asked for; empty if in nothing.
func (st *story) differs(r Reservation) string {
	text := ""
	for _, s := range st.candidates() {
		asked := Reservation{Provider: s.Session, Client: "client/" + s.Client, Pair: s.Pair, Currency: s.Currency, Side: s.Side, Amount: s.Amount}
		if text = r.differs(asked); text == "" {
			return ""
		}
	}
	return text
}

func (r Reservation) differs(asked Reservation) string {
	switch {
	case r.Provider != asked.Provider:
		return "reserved by " + r.Provider
	case r.Client != asked.Client:
		return "reserved for " + r.Client + ", asked for " + asked.Client
	case r.Pair != asked.Pair || r.Currency != asked.Currency || r.Side != asked.Side:
		return "reserved to " + r.Side + " " + r.Currency + " in " + r.Pair + ", asked to " + asked.Side + " " + asked.Currency + " in " + asked.Pair
	case !r.Amount.Equal(asked.Amount):
		return "reserved " + r.Amount.String() + ", asked for " + asked.Amount.String()
	}
	return ""
}

// approved returns the requests of the approved line checks, by reservation.
func (c *Case) approved() map[string]*story {
	all := map[string]*story{}
	for _, st := range c.stories {
		s, _ := st.first()
		if a, ok := st.accepted(); ok && s.Action == "reserve" {
			all[a.ID] = st
		}
	}
	return all
}

// checkOf returns the id of the line check that a provider names by its reference or by our id.
func (c *Case) checkOf(session, name string) string {
	if st := c.byRequest[request{session, name}]; st != nil {
		if a, ok := st.accepted(); ok {
			return a.ID
		}
	}
	return name
}
