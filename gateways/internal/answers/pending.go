package answers

import (
	"context"
	"fmt"

	"fxcore/gateways/internal/ingest"
	"fxcore/gateways/internal/store"
	"fxcore/lambda/event"
)

// Flush tells the provider that all requests confirmed so far are pending. A session that ends in good order calls it.
func (t *Teller[M]) Flush(ctx context.Context) error {
	t.order.Lock()
	defer t.order.Unlock()
	return t.flush(ctx)
}

// flush does the work of Flush, in order. After an error the rest waits for the next call. The caller holds t.order.
func (t *Teller[M]) flush(ctx context.Context) error {
	for {
		requests := t.take()
		if len(requests) == 0 {
			return nil
		}
		finished, err := t.finished(ctx, requests)
		for i, r := range requests {
			if err == nil {
				err = t.tell(r, finished)
			}
			if err != nil {
				t.putBack(requests[i:])
				return err
			}
		}
	}
}

func (t *Teller[M]) take() []*ingest.Request {
	t.mu.Lock()
	defer t.mu.Unlock()
	requests := t.confirmed
	t.confirmed = nil
	return requests
}

func (t *Teller[M]) putBack(requests []*ingest.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.confirmed = append(requests, t.confirmed...)
}

// finished returns the final answers that exist already for requests that may have come before (PossDup).
func (t *Teller[M]) finished(ctx context.Context, requests []*ingest.Request) (map[string]store.Answer, error) {
	var before []string
	for _, r := range requests {
		if r.PossDup {
			before = append(before, r.Event.Correlation)
		}
	}
	if len(before) == 0 {
		return nil, nil
	}
	return t.Kept.Answers(ctx, before)
}

// tell sends the pending answer to a confirmed request, unless it was sent before or none is needed. The answer and the
// number of the request are stored in one commit.
func (t *Teller[M]) tell(r *ingest.Request, finished map[string]store.Answer) error {
	msg, needed := t.pending(r)
	if given, answered := finished[r.Event.Correlation]; answered && !r.Told {
		msg, needed = t.Dialect.Known(given, r)
	}
	if !needed {
		t.Received.Confirm(r.Generation, r.Seq)
		return nil
	}
	return t.say(r, msg, &store.Cause{Confirms: r.Seq, Generation: r.Generation})
}

// precede sends the pending answers of all confirmed requests, and that of the request whose final answer comes next.
// The final answer proves that the broker has the request, even if the broker's confirm has not arrived. The caller
// holds t.order.
func (t *Teller[M]) precede(ctx context.Context, correlation string) error {
	r := t.Unconfirmed.Find(correlation) // before flush: a request that Find does not return is already in t.confirmed
	if err := t.flush(ctx); err != nil || r == nil {
		return err
	}
	msg, needed := t.pending(r)
	if !needed {
		return nil
	}
	return t.say(r, msg, &store.Cause{Confirms: r.Seq, Generation: r.Generation})
}

// introduce sends the pending answer of a request just before its final answer, if nobody has sent it: an earlier holder of the session
// handed the request to the broker and ended before it could. The caller holds t.order.
func (t *Teller[M]) introduce(final event.Event, cause *store.Cause) error {
	if cause.Correlation == "" || !t.Engine.Untold(cause.Correlation) {
		return nil
	}
	msg, needed := t.Dialect.Pending(final)
	if !needed {
		return nil
	}
	if err := t.Engine.Send(msg, &store.Cause{}); err != nil {
		return fmt.Errorf("pending answer: %w", err)
	}
	return nil
}

func (t *Teller[M]) pending(r *ingest.Request) (msg M, needed bool) {
	if r.Told {
		return msg, false
	}
	return t.Dialect.Pending(r.Event)
}

func (t *Teller[M]) say(r *ingest.Request, msg M, cause *store.Cause) error {
	if err := t.Engine.Send(msg, cause); err != nil {
		return fmt.Errorf("pending answer: %w", err)
	}
	r.Told = true
	return nil
}
