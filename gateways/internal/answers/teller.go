// Package answers tells a provider what became of its requests: that they are pending, once the broker has them, and
// how they ended, once the core says so.
//
// The order is kept per trade: pending first, then the final answer, each once. A final answer that arrives before the
// broker's confirm proves that the broker had the request: the pending answer then goes out just before it. After a
// crash a request may come again whose final answer the provider already has: it gets no pending answer any more.
package answers

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"fxcore/gateways/internal/ingest"
	"fxcore/gateways/internal/store"
	"fxcore/lambda/event"
)

// Engine sends messages of type M. One goroutine at a time may do so. An error means that nothing was stored or sent.
type Engine[M any] interface {
	Send(msg M, cause *store.Cause) error
}

// Kept knows what the provider has been told.
type Kept interface {
	Answered(ctx context.Context, events []string) (map[string]bool, error)
	Answers(ctx context.Context, correlations []string) (map[string]store.Answer, error)
}

// Durable waits until the messages of all causes are stored.
type Durable interface {
	Wait(ctx context.Context, causes []*store.Cause) error
}

// Received counts a request as received once the broker has it.
type Received interface {
	Confirm(generation, seq int)
}

// Unconfirmed finds a request that the broker has not confirmed.
type Unconfirmed interface {
	Find(correlation string) *ingest.Request
}

// Dialect turns events into messages to one provider.
type Dialect[M any] interface {
	// FromEvent is the final answer that an event brings. Error: story.ErrElsewhere for what is not to be answered here.
	FromEvent(e event.Event) (M, error)
	// Pending is the answer to a request that is safe and not decided; false if there is none.
	Pending(e event.Event) (M, bool)
	// Again is a final answer that was given, once more: what repeated is the event that says so.
	Again(given store.Answer, repeated event.Event) (M, error)
	// Known is what to say once the broker has confirmed a request that came again after its final answer; false if
	// there is nothing to say.
	Known(given store.Answer, r *ingest.Request) (M, bool)
}

// Teller tells one provider its answers.
type Teller[M any] struct {
	Engine      Engine[M]
	Kept        Kept
	Durable     Durable
	Received    Received
	Unconfirmed Unconfirmed
	Dialect     Dialect[M]
	Log         *slog.Logger

	order sync.Mutex // of what is sent

	mu        sync.Mutex
	confirmed []*ingest.Request // not yet told
	wake      chan struct{}
}

// again is how long to wait before something that failed is tried again.
const again = 200 * time.Millisecond

// New returns the teller for a provider's session; the other fields are for the caller to set.
func New[M any](provider string, log *slog.Logger) *Teller[M] {
	return &Teller[M]{Log: log.With("provider", provider), wake: make(chan struct{}, 1)}
}

// Confirmed takes note of requests that are safe with the broker. It is quick.
func (t *Teller[M]) Confirmed(requests []*ingest.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.confirmed = append(t.confirmed, requests...)
	t.signal()
}

func (t *Teller[M]) signal() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// Run tells the provider that confirmed requests are pending, until ctx ends or another instance holds the session.
func (t *Teller[M]) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.wake:
		}
		err := t.Flush(ctx)
		if errors.Is(err, store.ErrFenced) {
			return nil // the store says so, and its session ends
		}
		if err != nil && ctx.Err() == nil {
			t.Log.Warn("pending answers wait", "error", err)
			pause(ctx, again)
			t.signal()
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
