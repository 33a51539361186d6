package oracle

import "slices"

// Deletion is what two persons have done to a trade that should never have been booked.
type Deletion struct{ TradeID, ProposedBy, ApprovedBy string }

// deleted is the status of a trade that two persons have deleted, and gone that of its reservation.
const (
	deleted   = "deleted"
	gone      = "DELETED"
	withdrawn = "withdrawn" // a leg that nobody owes any more
)

func (t *Trade) deleted() bool { return t.Status == deleted }

// deletedByTwo: a trade is deleted because one person has proposed it and another one has approved it, and not without.
func deletedByTwo(c *Case) []Violation {
	by := map[string]Deletion{}
	var found []Violation
	for _, d := range c.Deletions {
		by[d.TradeID] = d
		if t := c.byTrade[d.TradeID]; t == nil || !t.deleted() {
			found = append(found, broken(d.TradeID, "two persons have deleted it, and it is not"))
		}
		if d.ProposedBy == "" || d.ApprovedBy == "" || d.ProposedBy == d.ApprovedBy {
			found = append(found, broken(d.TradeID, "deleted by %q and %q", d.ProposedBy, d.ApprovedBy))
		}
	}
	for i := range c.Trades {
		if _, known := by[c.Trades[i].ID]; c.Trades[i].deleted() && !known {
			found = append(found, broken(c.Trades[i].ID, "deleted, and nobody has done it"))
		}
	}
	return found
}

// deletedIsGone: a deleted trade uses no line, owes nothing, and the mainframe has booked its opposite if it had booked it.
func deletedIsGone(c *Case) []Violation {
	var found []Violation
	reversed := map[string][]Booking{}
	for _, b := range c.Bookings {
		if b.Reverses != "" {
			reversed[b.Reverses] = append(reversed[b.Reverses], b)
		}
	}
	for i := range c.Trades {
		t := &c.Trades[i]
		if !t.deleted() {
			continue
		}
		switch r, known := c.reservations[t.ID]; {
		case !known || r.State != gone:
			found = append(found, late(t.ID, "deleted, and its line is not free"))
		case !r.Taken.IsZero() || !r.Open.IsZero():
			found = append(found, broken(t.ID, "deleted, and it uses %s of its line", r.Taken.Add(r.Open)))
		}
		switch n := len(reversed[t.ID]); {
		case t.BookingReference == "" && n > 0:
			found = append(found, broken(t.ID, "its opposite is booked, and it was not"))
		case t.BookingReference != "" && n == 0:
			found = append(found, late(t.ID, "deleted, and its opposite is not booked"))
		case n > 1 || n == 1 && !t.opposite().is(reversed[t.ID][0]):
			found = append(found, broken(t.ID, "its opposite is booked as %+v", reversed[t.ID]))
		}
	}
	return append(found, owedByDeleted(c)...)
}

// owedByDeleted: the legs of a deleted trade are withdrawn, and no others.
func owedByDeleted(c *Case) []Violation {
	var found []Violation
	for _, o := range c.Owed {
		t := c.byTrade[o.TradeID]
		if t == nil {
			continue // another rule says so
		}
		switch is := o.State == withdrawn; {
		case t.deleted() && !is:
			found = append(found, late(t.ID, "deleted, and its leg %d is %s", o.Leg, o.State))
		case is && !t.deleted():
			found = append(found, broken(t.ID, "its leg %d is withdrawn, and it is not deleted", o.Leg))
		}
	}
	return found
}

// opposite returns the trade with the sides of its legs exchanged.
func (t *Trade) opposite() *Trade {
	o := *t
	o.Legs = slices.Clone(t.Legs)
	for i := range o.Legs {
		o.Legs[i].BaseSide = opposite(o.Legs[i].BaseSide)
	}
	return &o
}
