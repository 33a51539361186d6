package oracle

import (
	"slices"
	"time"
)

// bookedOnce: the mainframe has booked each trade once and as it is, and trading knows under which reference.
func bookedOnce(c *Case) []Violation {
	booked := map[string][]Booking{}
	var found []Violation
	for _, b := range c.Bookings {
		if t := c.byTrade[b.Reverses]; t != nil && t.deleted() {
			continue // another rule judges it
		}
		booked[b.TradeID] = append(booked[b.TradeID], b)
		if _, ok := c.byTrade[b.TradeID]; !ok {
			found = append(found, broken(b.TradeID, "booked as %s without being registered", b.Reference))
		}
	}
	for i := range c.Trades {
		if v, wrong := c.Trades[i].booked(booked[c.Trades[i].ID]); wrong {
			found = append(found, v)
		}
	}
	return found
}

func (t *Trade) booked(bookings []Booking) (Violation, bool) {
	switch {
	case len(bookings) == 0 && t.deleted() && t.BookingReference == "":
		return Violation{}, false // the mainframe had refused it
	case len(bookings) == 0:
		return late(t.ID, "not booked; its status is %s", t.Status), true
	case len(bookings) > 1:
		return broken(t.ID, "booked %d times: as %s and as %s", len(bookings), bookings[0].Reference, bookings[1].Reference), true
	case !t.is(bookings[0]):
		return broken(t.ID, "booked as %+v, registered as %+v", bookings[0], *t), true
	case t.BookingReference == "":
		return late(t.ID, "booked as %s, which trading does not know; its status is %s", bookings[0].Reference, t.Status), true
	case t.BookingReference != bookings[0].Reference:
		return broken(t.ID, "booked as %s, known to trading as %s", bookings[0].Reference, t.BookingReference), true
	}
	return Violation{}, false
}

func (t *Trade) is(b Booking) bool {
	return b.Provider == t.Provider && b.Client == t.Client && b.Product == t.Product && b.Pair == t.Base+"/"+t.Quote &&
		slices.EqualFunc(b.Legs, t.Legs, func(x, y Leg) bool {
			return x.ValueDate == y.ValueDate && x.BaseSide == y.BaseSide && x.BaseAmount.Equal(y.BaseAmount) &&
				x.QuoteAmount.Equal(y.QuoteAmount) && x.Rate.Equal(y.Rate)
		})
}

// bookedInOrder: the mainframe gets the trades in an order that no provider can tell from that of their registration: a
// trade that was answered before another one was asked for is booked before it. Of two that were under way at the same
// time, at two replicas, neither is the first. Trades that were asked for before an instant are left out.
func bookedInOrder(c *Case, since time.Time) []Violation {
	var found []Violation
	var earliest *story // answered first among the trades that are booked later
	var answered time.Time
	for _, b := range slices.Backward(c.Bookings) {
		t, ok := c.byTrade[b.TradeID]
		if !ok {
			continue
		}
		st := c.byRequest[request{t.Provider, t.Reference}]
		a, filled := st.accepted()
		s, asked := st.first()
		if !filled || !asked || s.At.Before(since) {
			continue
		}
		if earliest != nil && answered.Before(s.At) {
			found = append(found, broken(t.ID, "booked before %s, which was answered at %s; this was asked for at %s only",
				earliest, answered.Format(clock), s.At.Format(clock)))
		}
		if earliest == nil || a.At.Before(answered) {
			earliest, answered = st, a.At
		}
	}
	return found
}
