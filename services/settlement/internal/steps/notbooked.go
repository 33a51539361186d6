package steps

import (
	"fmt"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/store"
)

// bookingRefused is the step of trade.refused: the mainframe has refused to book a trade, so no money of it moves by itself.
type bookingRefused struct{ told messages.BookingRefused }

func readBookingRefused(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	told, err := messages.ReadBookingRefused(e)
	return bookingRefused{told}, err
}

// Want asks for the legs of the trade.
func (r bookingRefused) Want(s *Batch) {
	s.wanted.trades, s.wanted.legs = append(s.wanted.trades, r.told.TradeID), true
}

// Decide marks the legs. When they are due they fail, and a person decides. A leg that is at the mainframe already waits for its
// answer. The refusal may come before the trade, which another replica handles: it then comes back.
func (r bookingRefused) Decide(s *Batch, _ time.Time, _ event.Event) ([]event.Event, error) {
	for ref := range s.known {
		if ref.TradeID == r.told.TradeID && ref.Version == r.told.Version {
			s.refusals = append(s.refusals, store.Refusal{TradeID: ref.TradeID, Version: ref.Version, Code: r.told.Code})
			return nil, nil
		}
	}
	return nil, amqp.Retry(fmt.Errorf("version %d of trade %s is not here yet", r.told.Version, r.told.TradeID))
}
