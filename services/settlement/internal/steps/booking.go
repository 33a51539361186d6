package steps

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/store"
)

// booking is the step of trade.booked and trade.refused. No money of a trade moves before the mainframe has booked it. When the legs of
// a trade that it has refused to book are due, they fail, and a person decides. The word may come before the trade, and twice: the later
// one counts. A leg that is at the mainframe already waits for its answer.
type booking struct {
	of   store.Version
	code string
}

func readBooked(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	told, err := messages.ReadBooked(e)
	return booking{of: store.Version{TradeID: told.TradeID, Number: told.Version}}, err
}

func readBookingRefused(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	told, err := messages.ReadBookingRefused(e)
	return booking{store.Version{TradeID: told.TradeID, Number: told.Version}, told.Code}, err
}

// Want asks for nothing.
func (booking) Want(*Batch) {}

// Decide notes what the mainframe says.
func (b booking) Decide(s *Batch, _ time.Time, e event.Event) ([]event.Event, error) {
	s.bookings.Add(b.of, store.Booking{Code: b.code, At: e.Time})
	return nil, nil
}
