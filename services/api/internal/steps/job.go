package steps

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/messages"
)

// runOf is the step of what tells about a run of a job. It emits nothing.
type runOf struct {
	run   blotter.Run
	tells bool
}

func readDue(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	r, tells, err := messages.ReadDue(e)
	return runOf{r, tells}, err
}

func readFinished(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	r, err := messages.ReadFinished(e)
	return runOf{r, true}, err
}

// Want wants nothing: the row knows which of two messages is the later one.
func (r runOf) Want(*Batch) {}

// Decide notes the run.
func (r runOf) Decide(s *Batch, _ time.Time, _ event.Event) ([]event.Event, error) {
	if r.tells {
		s.runs = append(s.runs, r.run)
	}
	return nil, nil
}
