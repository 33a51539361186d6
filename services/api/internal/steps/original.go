package steps

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/messages"
)

// keep is the step of a request: it keeps the provider's own message. It emits nothing.
type keep struct {
	original blotter.Original
	found    bool
}

func readOriginal(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	o, found, err := messages.ReadOriginal(e)
	return keep{o, found}, err
}

// Want wants nothing: the first message under an id stays.
func (k keep) Want(*Batch) {}

// Decide notes the message.
func (k keep) Decide(s *Batch, _ time.Time, _ event.Event) ([]event.Event, error) {
	if k.found {
		s.originals = append(s.originals, k.original)
	}
	return nil, nil
}
