package steps

import (
	"errors"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// settleTrade is the step of settlement.settled. What the leg used of the lines is free; see [line.Book.Settle]. The step emits
// nothing. settlement.failed has no step, because a failed leg is still due.
type settleTrade struct{ settled messages.Settled }

func readSettled(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	settled, err := messages.ReadSettled(e)
	return settleTrade{settled}, err
}

// Want asks for the trade's reservation, and for that of the line check which it took over.
func (t settleTrade) Want(s *Batch) { s.wanted.Trades = append(s.wanted.Trades, t.settled.TradeID) }

// Decide settles the leg. A trade without a reservation is retried: its trade.registered, which records one, is still on its
// way. If that has failed, the message ends in the error queue and is replayed after it.
func (t settleTrade) Decide(s *Batch, _ time.Time, _ event.Event) ([]event.Event, error) {
	_, err := s.book.Settle(t.settled.TradeID, t.settled.Leg)
	if errors.Is(err, line.ErrUnknown) {
		return nil, amqp.Retry(err)
	}
	return nil, err
}
