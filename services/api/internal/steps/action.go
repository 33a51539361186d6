package steps

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/messages"
)

// acted is the step of what tells of an action on a trade. It emits nothing.
type acted struct{ action blotter.Action }

func readAction(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	a, err := messages.ReadAction(e)
	return acted{a}, err
}

// Want wants nothing: the row knows that an action which has ended stays so.
func (a acted) Want(*Batch) {}

// Decide notes the action.
func (a acted) Decide(s *Batch, _ time.Time, _ event.Event) ([]event.Event, error) {
	s.actions = append(s.actions, a.action)
	return nil, nil
}
