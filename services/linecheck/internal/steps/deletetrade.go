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

// deleteTrade is the step of trade.deleted. What the trade used of the lines is free; see [line.Book.Delete]. The step emits nothing.
type deleteTrade struct{ deleted messages.Deleted }

func readDeleted(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	deleted, err := messages.ReadDeleted(e)
	return deleteTrade{deleted}, err
}

// Want asks for the trade's reservation, and for that of the line check which it took over.
func (t deleteTrade) Want(s *Batch) { s.wanted.Trades = append(s.wanted.Trades, t.deleted.TradeID) }

// Decide frees the lines. A trade whose trade.registered is still on its way is retried: it has no reservation, or one that is open.
func (t deleteTrade) Decide(s *Batch, _ time.Time, _ event.Event) ([]event.Event, error) {
	_, err := s.book.Delete(t.deleted.TradeID)
	var early *line.EndedError
	if errors.Is(err, line.ErrUnknown) || errors.As(err, &early) && early.State != line.Settled {
		return nil, amqp.Retry(err)
	}
	return nil, err
}
