package steps

import (
	"errors"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// releaseTrade is the step of trade.rejected: it releases the trade's reservation.
type releaseTrade struct{ id string }

// readRejected releases a reservation only if the message carries one. A rejection without a reservation came before
// the line check, or it refuses a second request under the reference of a trade that is still in progress.
func readRejected(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	t, err := messages.ReadTrade(e)
	if err != nil {
		return nil, err
	}
	if t.Reserved == nil {
		return nothing[*Batch]{}, nil
	}
	return releaseTrade{t.Request.TradeID}, nil
}

// Want asks for the trade's reservation, and for that of the line check which it took over.
func (t releaseTrade) Want(s *Batch) { s.wanted.Trades = append(s.wanted.Trades, t.id) }

// Decide releases the reservation if it is still open. What the trade took over from a line check goes back to it.
func (t releaseTrade) Decide(s *Batch, now time.Time, _ event.Event) ([]event.Event, error) {
	_, err := s.book.End(t.id, line.Release, now)
	return nil, unlessEnded(err)
}

// unlessEnded returns nil for the errors that say that there is nothing left to free.
func unlessEnded(err error) error {
	var over *line.EndedError
	if errors.Is(err, line.ErrUnknown) || errors.As(err, &over) {
		return nil
	}
	return err
}
