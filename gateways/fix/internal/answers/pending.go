package answers

import (
	"context"
	"fmt"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/internal/ingest"
	"fxcore/gateways/internal/store"
)

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
