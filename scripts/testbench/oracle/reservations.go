package oracle

import "time"

// States of a reservation.
const (
	reserved  = "RESERVED"
	consumed  = "CONSUMED"
	cancelled = "CANCELLED"
	lapsed    = "EXPIRED"
)

// grace is how long a reservation may stay reserved after its expiry. The expiry job runs every second.
const grace = time.Minute

// reservationConsumed: each trade has drawn its client's line, once, under its own id.
func reservationConsumed(c *Case) []Violation {
	var found []Violation
	for _, t := range c.Trades {
		r, ok := c.reservations[t.ID]
		switch {
		case !ok:
			found = append(found, late(t.ID, "registered without a reservation"))
		case r.Kind != "trade" || r.Client != "client/"+t.Client:
			found = append(found, broken(t.ID, "reserved as a %s of %s, registered for %s", r.Kind, r.Client, t.Client))
		case r.State != consumed:
			found = append(found, late(t.ID, "registered, its reservation is %s", r.State))
		}
	}
	return found
}

// reservationAccountedFor: a reservation that holds a part of a line has a reason to.
func reservationAccountedFor(c *Case) []Violation {
	checks := c.checks()
	var found []Violation
	for _, r := range c.Reservations {
		if v, wrong := c.account(r, checks); wrong {
			found = append(found, v)
		}
	}
	for id, check := range checks {
		if _, ok := c.reservations[id]; !ok {
			found = append(found, broken(check.ref.String(), "approved as %s, which is not reserved", id))
		}
	}
	return found
}

func (c *Case) account(r Reservation, checks map[string]check) (Violation, bool) {
	overdue := r.State == reserved && r.ExpiresAt.Add(grace).Before(c.At)
	if r.Kind == "trade" {
		if _, registered := c.byTrade[r.ID]; registered || (r.State != consumed && !overdue) {
			return Violation{}, false
		}
		return late(r.ID, "%s for a trade that is not registered", r.State), true
	}
	check, ok := checks[r.ID]
	switch {
	case !ok:
		return late(r.ID, "%s for a line check that was not approved", r.State), true
	case check.want != "" && r.State != check.want:
		return late(r.ID, "%s: the provider was told %s", r.State, check.want), true
	case check.want == "" && (overdue || (r.State != reserved && r.State != lapsed)):
		return late(r.ID, "%s although nobody resolved it", r.State), true
	}
	return Violation{}, false
}

// check is an approved line check and what became of it, as its provider was told.
type check struct {
	ref  request
	want string // state of the reservation; empty: left to lapse
}

// checks are the approved line checks by their reservation.
func (c *Case) checks() map[string]check {
	byRef, byID := map[request]string{}, map[string]check{}
	for _, st := range c.stories {
		s, _ := st.first()
		if a, ok := st.accepted(); ok && s.Action == "reserve" {
			byRef[st.request], byID[a.ID] = a.ID, check{ref: st.request}
		}
	}
	for _, st := range c.stories {
		s, _ := st.first()
		if _, ok := st.accepted(); !ok || s.Target == "" {
			continue
		}
		want := consumed
		if s.Action == "cancel" {
			want = cancelled
		}
		if id, known := byRef[request{s.Session, s.Target}]; known {
			byID[id] = check{byID[id].ref, want}
		}
	}
	return byID
}
