package steps

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/messages"
)

// refused is the step of a message that a gateway has refused. It emits nothing.
type refused struct{ message blotter.RefusedMessage }

func readMessageRefused(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	m, err := messages.ReadMessageRefused(e)
	return refused{m}, err
}

// Want wants nothing: a message is refused once.
func (r refused) Want(*Batch) {}

// Decide notes the message.
func (r refused) Decide(s *Batch, _ time.Time, _ event.Event) ([]event.Event, error) {
	s.refused = append(s.refused, r.message)
	return nil, nil
}
