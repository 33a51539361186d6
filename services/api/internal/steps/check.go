package steps

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/messages"
	"fxcore/services/contract/reason"
)

// outcome is the step of a line check's final events. It emits nothing. A refusal as a duplicate is about a second request under
// the same reference: it says nothing about this check.
type outcome struct{ check blotter.Check }

func readCheck(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	c, err := messages.ReadCheck(e)
	return outcome{c}, err
}

// Want wants nothing: the first outcome stays.
func (o outcome) Want(*Batch) {}

// Decide notes the outcome.
func (o outcome) Decide(s *Batch, _ time.Time, _ event.Event) ([]event.Event, error) {
	if r := o.check.Rejected; r == nil || r.Code != string(reason.Duplicate) {
		s.checks = append(s.checks, o.check)
	}
	return nil, nil
}
