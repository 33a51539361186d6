package answers

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"fxcore/gateways/internal/store"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

// A repeat that comes before the final answer waits for it. It waits in memory, where the final answer finds it at once, and the
// broker keeps it too for brokerKeeps, in case this instance fails. The broker would report a longer wait as a fault.
const (
	brokerKeeps = 5 * time.Second
	maxRepeats  = 10_000 // waiting in memory, of all trades and line checks
)

var errUndecided = errors.New("the request that is repeated is not decided yet")

func isRepeated(e event.Event) bool {
	_, what, _ := strings.Cut(e.Type.Name, ".")
	return what == "repeated"
}

// repeat returns the final answer that the provider already has, once more. If there is none yet, it returns no cause, and the
// repeat waits for the final answer.
func (t *Teller[M]) repeat(ctx context.Context, e event.Event) (msg M, cause *store.Cause, err error) {
	given, err := t.given(ctx, e.Correlation)
	if err != nil {
		return msg, nil, later(err)
	}
	if given == nil {
		t.wait(e)
		if time.Since(e.Time) < brokerKeeps {
			return msg, nil, amqp.Retry(errUndecided)
		}
		return msg, nil, nil
	}
	msg, err = t.Dialect.Again(*given, e)
	return t.caused(e, msg, err, "")
}

// clash returns the rejection of a request whose reference was used before for another one.
func (t *Teller[M]) clash(ctx context.Context, e event.Event) (msg M, cause *store.Cause, err error) {
	standing, err := t.given(ctx, e.Correlation)
	if err != nil {
		return msg, nil, later(err)
	}
	msg, err = t.Dialect.Clash(e, standing)
	return t.caused(e, msg, err, "")
}

// given returns the final answer that the provider has; nil if it has none. It waits while Postgres is away.
func (t *Teller[M]) given(ctx context.Context, correlation string) (*store.Answer, error) {
	var found map[string]store.Answer
	err := t.until(ctx, func() (err error) {
		found, err = t.Kept.Answers(ctx, []string{correlation})
		return err
	})
	if given, exists := found[correlation]; exists {
		return &given, err
	}
	return nil, err
}

// answerRepeats answers the repeats that wait for a final answer that was just sent. It returns the causes of their answers. A
// repeat that it cannot answer comes again from the broker.
func (t *Teller[M]) answerRepeats(ctx context.Context, final event.Event, cause *store.Cause) []*store.Cause {
	if cause.Correlation == "" {
		return nil
	}
	var causes []*store.Cause
	for _, e := range t.forget(final.Correlation) {
		again, err := t.answer(ctx, e)
		if err != nil {
			t.Log.Warn("repeated request not answered", "correlation", e.Correlation, "error", err)
		}
		if again != nil {
			causes = append(causes, again)
		}
	}
	return causes
}

// wait notes a repeat that waits, once.
func (t *Teller[M]) wait(e event.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	same := func(other event.Event) bool { return other.ID == e.ID }
	if t.waiting < maxRepeats && !slices.ContainsFunc(t.repeats[e.Correlation], same) {
		t.waiting++
		t.repeats[e.Correlation] = append(t.repeats[e.Correlation], e)
	}
}

// forget returns the repeats that wait for a final answer, and forgets them.
func (t *Teller[M]) forget(correlation string) []event.Event {
	t.mu.Lock()
	defer t.mu.Unlock()
	waiting := t.repeats[correlation]
	delete(t.repeats, correlation)
	t.waiting -= len(waiting)
	return waiting
}
