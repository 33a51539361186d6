// Package answers sends a provider the answers to its requests. The pending answer says that the broker has the request. The
// final answer says how the core decided.
//
// For each trade the pending answer comes first, then the final answer, each once. A final answer may arrive before the
// broker's confirm, or meet the next holder of the session. It proves that the broker has the request, so the teller sends the pending
// answer just before it, if no holder has sent it yet. After a crash a request may come again although the provider has its final answer:
// the teller sends no pending answer then.
//
// The same request again gets the same final answer again, once for each time that it came, however close it follows the first.
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

// Engine sends messages of type M.
type Engine[M any] interface {
	// Send sends a message. Only one goroutine at a time may call it. After an error nothing was stored or sent.
	Send(msg M, cause *store.Cause) error
	// Untold reports whether no holder of the session has told the provider that an undecided request is pending. It may be true of
	// a request that has no pending answer.
	Untold(correlation string) bool
}

// Kept looks up what the provider has been told.
type Kept interface {
	Answered(ctx context.Context, events []string) (map[string]bool, error)
	Answers(ctx context.Context, correlations []string) (map[string]store.Answer, error)
}

// Repeats keeps the repeats that wait for a final answer, for this holder of the session and the next.
type Repeats interface {
	// Keep stores a repeat. Once it is stored, Of returns it until its answer is durable.
	Keep(ctx context.Context, e event.Event) error
	// Open returns the trades and line checks that repeats wait for.
	Open(ctx context.Context) (correlations []string, err error)
	// Of returns the repeats that wait for one final answer, in the order of their arrival.
	Of(ctx context.Context, correlation string) ([]event.Event, error)
	// Drop deletes the repeats that wait for one final answer.
	Drop(ctx context.Context, correlation string) error
}

// Durable waits until the messages of all causes are stored.
type Durable interface {
	Wait(ctx context.Context, causes []*store.Cause) error
	WaitAll(ctx context.Context) error // of all causes so far
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
	// FromEvent returns the final answer for an event. Error: story.ErrElsewhere if another gateway answers the request.
	FromEvent(e event.Event) (M, error)
	// Pending returns the answer that says that a request is pending; false if the protocol has none. The event is the request's, or
	// the one with its final answer.
	Pending(e event.Event) (M, bool)
	// Again returns a final answer that the provider has, to be sent once more. The event repeated asks for it.
	Again(given store.Answer, repeated event.Event) (M, error)
	// Clash returns the rejection of a request whose reference was used before for another one. standing is the final answer
	// to that one, nil while there is none. The rejection must not name the standing trade or reservation as its own.
	Clash(e event.Event, standing *store.Answer) (M, error)
	// Known returns the answer to a request that came again after its final answer was given; false if there is nothing
	// to send.
	Known(given store.Answer, r *ingest.Request) (M, bool)
}

// Teller sends the answers to one provider.
type Teller[M any] struct {
	Engine      Engine[M]
	Kept        Kept
	Repeats     Repeats
	Durable     Durable
	Received    Received
	Unconfirmed Unconfirmed
	Dialect     Dialect[M]
	Log         *slog.Logger

	order sync.Mutex // held while messages are sent, so that they stay in order

	mu        sync.Mutex
	confirmed []*ingest.Request // the provider was not told yet that they are pending
	wake      chan struct{}

	awaited map[string]bool // trades and line checks that repeats wait for, as Repeats has it; only Resume and Handle use it
}

// again is the pause before the next attempt after a failure.
const again = 200 * time.Millisecond

// New returns the teller for a provider's session. The caller sets the exported fields but for Log.
func New[M any](provider string, log *slog.Logger) *Teller[M] {
	return &Teller[M]{Log: log.With("provider", provider), awaited: map[string]bool{}, wake: make(chan struct{}, 1)}
}

// Confirmed notes requests that the broker has. It does not wait.
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

// Run sends pending answers for confirmed requests until ctx ends or another instance holds the session.
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
