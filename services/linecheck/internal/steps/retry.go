package steps

import (
	"errors"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/linecheck/internal/line"
)

// stepsOf makes the steps of a queue. A step that returns ErrNotLoaded is retried: another replica made a reservation
// between two statements of the load, and the next load finds it.
func stepsOf[S inbox.Batch](table inbox.Table[S], begin func() S) inbox.Steps[S] {
	retrying := make(inbox.Table[S], len(table))
	for t, step := range table {
		retrying[t] = func(s S, e event.Event) (inbox.Task[S], error) {
			task, err := step(s, e)
			return retryingTask[S]{task}, err
		}
	}
	return inbox.Steps[S]{Table: retrying, Begin: begin}
}

type retryingTask[S inbox.Batch] struct{ inbox.Task[S] }

func (t retryingTask[S]) Decide(s S, now time.Time, e event.Event) ([]event.Event, error) {
	emitted, err := t.Task.Decide(s, now, e)
	if errors.Is(err, line.ErrNotLoaded) {
		return nil, amqp.Retry(err)
	}
	return emitted, err
}
