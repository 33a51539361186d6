// Package question asks another service something and waits for its answer. Nothing of it is kept: who asks waits, and whoever
// gets no answer asks again.
//
// Every replica reads all answers, by a stream, because the broker does not know which replica asked. Each takes its own by the
// question's id.
package question

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

// Patience is how long an answer may take. Whoever would answer later does not.
const Patience = 5 * time.Second

// ErrUnanswered means that no answer came in time: the one who answers is away.
var ErrUnanswered = errors.New("no answer")

// Publish hands events to the broker, and returns once it has them.
type Publish func(ctx context.Context, events ...event.Event) error

// Desk hands answers to those who wait for them. It is safe for concurrent use.
type Desk struct {
	publish Publish

	mu    sync.Mutex
	waits map[string]chan event.Event // by the question's id
}

// New returns a desk at which nobody waits. Read has to be given what the stream of answers brings.
func New(p Publish) *Desk { return &Desk{publish: p, waits: map[string]chan event.Event{}} }

// Ask publishes a question and returns the answer: the event that it led to. Errors: ErrUnanswered after Patience, ctx's, and
// those of publishing.
func (d *Desk) Ask(ctx context.Context, question event.Event) (event.Event, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, Patience, ErrUnanswered)
	defer cancel()
	answer, leave := d.join(question.ID)
	defer leave()
	if err := d.publish(ctx, question); err != nil {
		return event.Event{}, fmt.Errorf("ask %s: %w", question.Type, err)
	}
	select {
	case a := <-answer:
		return a, nil
	case <-ctx.Done():
		return event.Event{}, fmt.Errorf("ask %s: %w", question.Type, context.Cause(ctx))
	}
}

func (d *Desk) join(id string) (answer <-chan event.Event, leave func()) {
	c := make(chan event.Event, 1)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waits[id] = c
	return c, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.waits, id)
	}
}

// Read hands answers to those who wait. It drops an answer for which nobody waits here. It is an [amqp.Reader].
func (d *Desk) Read(_ context.Context, entries []amqp.Entry) error {
	for _, entry := range entries {
		for _, e := range entry.Events {
			d.tell(e)
		}
	}
	return nil
}

func (d *Desk) tell(answer event.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if c, waits := d.waits[answer.Causation]; waits {
		c <- answer
		delete(d.waits, answer.Causation) // a second answer to the same question is dropped
	}
}
