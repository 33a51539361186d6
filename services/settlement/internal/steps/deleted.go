package steps

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/settlement/internal/messages"
)

// deletion is the step of trade.deleted: nobody owes anything by the trade any more.
type deletion struct{ deleted messages.Deleted }

func readDeleted(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	deleted, err := messages.ReadDeleted(e)
	return deletion{deleted}, err
}

// Want asks for the legs of the trade.
func (d deletion) Want(s *Batch) {
	s.wanted.changed, s.wanted.legs = append(s.wanted.changed, d.deleted.TradeID), true
}

// Decide takes the legs back, as those of a version that nothing replaces. It emits nothing.
func (d deletion) Decide(s *Batch, now time.Time, _ event.Event) ([]event.Event, error) {
	s.now = now
	return nil, s.replace(d.deleted.TradeID, d.deleted.Version+1)
}
