// Package answers tells a provider what became of its requests: that they are pending, once the broker has them, and
// how they ended, once the core says so.
//
// The order is kept per trade: pending first, then the final answer, each once. A final answer that arrives before the
// broker's confirm proves that the broker had the request: the pending answer then goes out just before it. After a
// crash a request may come again whose final answer the provider already has: it gets no pending answer any more.
package answers

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/dialect"
	"fxcore/gateways/fix/internal/ingest"
	"fxcore/gateways/fix/internal/store"
	"fxcore/lambda/event"
)

// Engine sends. One goroutine at a time may do so. An error means that nothing was stored or sent.
type Engine interface {
	Send(msg *quickfix.Message, cause *store.Cause) error
}

// Store knows what has been answered, and when an answer is durable.
type Store interface {
	Answered(ctx context.Context, events []string) (map[string]bool, error)
	Answers(ctx context.Context, correlations []string) (map[string]store.Answer, error)
	Wait(ctx context.Context, causes []*store.Cause) error
	Release(generation, seq int)
}

// Unconfirmed finds a request that the broker has not confirmed.
type Unconfirmed interface {
	Find(correlation string) *ingest.Request
}

// Dialect turns events into messages.
type Dialect interface {
	FromEvent(s dialect.Session, e event.Event) (*quickfix.Message, error)
	Pending(s dialect.Session, e event.Event) (*quickfix.Message, bool)
}

// Teller tells one provider its answers.
type Teller struct {
	Engine      Engine
	Store       Store
	Unconfirmed Unconfirmed
	Dialect     Dialect
	Session     dialect.Session
	Log         *slog.Logger

	order sync.Mutex // of what is sent

	mu        sync.Mutex
	confirmed []*ingest.Request // not yet told
	wake      chan struct{}
}

// again is how long to wait before something that failed is tried again.
const again = 200 * time.Millisecond

// New returns the teller for a session; the fields are for the caller to set.
func New(session dialect.Session, log *slog.Logger) *Teller {
	return &Teller{Session: session, Log: log.With("provider", session.Provider), wake: make(chan struct{}, 1)}
}

// Confirmed takes note of requests that are safe with the broker. It is quick.
func (t *Teller) Confirmed(requests []*ingest.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.confirmed = append(t.confirmed, requests...)
	t.signal()
}

func (t *Teller) signal() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// Run tells the provider that confirmed requests are pending, until ctx ends.
func (t *Teller) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.wake:
		}
		if err := t.tellConfirmed(ctx); err != nil && ctx.Err() == nil {
			t.Log.Warn("pending answers wait", "error", err)
			pause(ctx, again)
			t.signal()
		}
	}
}

func (t *Teller) tellConfirmed(ctx context.Context) error {
	t.order.Lock()
	defer t.order.Unlock()
	return t.flush(ctx)
}

// flush tells all confirmed requests, in order. The caller holds order. What fails stays to be told.
func (t *Teller) flush(ctx context.Context) error {
	for {
		requests := t.take()
		if len(requests) == 0 {
			return nil
		}
		finished, err := t.finished(ctx, requests)
		for i, r := range requests {
			if err == nil {
				err = t.tell(r, finished[r.Event.Correlation])
			}
			if err != nil {
				t.putBack(requests[i:])
				return err
			}
		}
	}
}

func (t *Teller) take() []*ingest.Request {
	t.mu.Lock()
	defer t.mu.Unlock()
	requests := t.confirmed
	t.confirmed = nil
	return requests
}

func (t *Teller) putBack(requests []*ingest.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.confirmed = append(requests, t.confirmed...)
}

// finished tells which of the requests that may have come before have their final answer.
func (t *Teller) finished(ctx context.Context, requests []*ingest.Request) (map[string]bool, error) {
	var before []string
	for _, r := range requests {
		if r.PossDup {
			before = append(before, r.Event.Correlation)
		}
	}
	if len(before) == 0 {
		return nil, nil
	}
	answers, err := t.Store.Answers(ctx, before)
	if err != nil {
		return nil, err
	}
	finished := make(map[string]bool, len(answers))
	for correlation := range answers {
		finished[correlation] = true
	}
	return finished, nil
}

// tell says that a confirmed request is pending, unless that has been said or the request needs no such answer. The
// answer and the number of the request are stored together.
func (t *Teller) tell(r *ingest.Request, finished bool) error {
	msg, needed := t.pending(r)
	if !needed || finished {
		t.Store.Release(r.Generation, r.Seq)
		return nil
	}
	return t.say(r, msg, &store.Cause{Confirms: r.Seq, Generation: r.Generation})
}

// precede makes sure that the pending answer of a trade goes before its final answer. The caller holds order.
func (t *Teller) precede(ctx context.Context, correlation string) error {
	r := t.Unconfirmed.Find(correlation) // first: what it does not find has been handed to Confirmed
	if err := t.flush(ctx); err != nil || r == nil {
		return err
	}
	msg, needed := t.pending(r)
	if !needed {
		return nil
	}
	return t.say(r, msg, &store.Cause{})
}

func (t *Teller) pending(r *ingest.Request) (*quickfix.Message, bool) {
	if r.Told {
		return nil, false
	}
	return t.Dialect.Pending(t.Session, r.Event)
}

func (t *Teller) say(r *ingest.Request, msg *quickfix.Message, cause *store.Cause) error {
	if err := t.Engine.Send(msg, cause); err != nil {
		return fmt.Errorf("pending answer: %w", err)
	}
	r.Told = true
	return nil
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
