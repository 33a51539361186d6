// Package inorder brings the events of a queue to the mainframe: one call for each, in their order, through any outage.
package inorder

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"

	"fxcore/gateways/mainframe/internal/link"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

// Pauses between two attempts for a batch. The link's breaker stops most of them before the host.
const (
	firstPause = 50 * time.Millisecond
	lastPause  = 2 * time.Second
)

// Exchanger asks the host, as link.Link does.
type Exchanger interface {
	Exchange(ctx context.Context, calls []*link.Call) error
}

// Prepare makes the call for an event. The call's Accept sets the event's result. No call and no error means that there is
// nothing to ask. An error puts the event into the error queue.
type Prepare func(e event.Event, result *amqp.Result) (*link.Call, error)

// Handler asks the host for each event. It has no state of its own: the host knows what it has carried out, and answers the
// same again.
type Handler struct {
	host    Exchanger
	prepare Prepare
	name    string // of its work, for the log
	log     *slog.Logger

	waiting atomic.Int64
	began   atomic.Pointer[time.Time] // when it began to ask for the batch in hand; nil: there is none
}

// New returns a handler that asks the host.
func New(host Exchanger, name string, log *slog.Logger, prepare Prepare) *Handler {
	return &Handler{host: host, prepare: prepare, name: name, log: log}
}

// Waiting returns the number of events that wait for an answer of the host.
func (h *Handler) Waiting() int64 { return h.waiting.Load() }

// Oldest returns for how long the event has waited that has waited longest for an answer of the host; 0 if none waits.
func (h *Handler) Oldest() time.Duration {
	began := h.began.Load()
	if began == nil {
		return 0
	}
	return time.Since(*began)
}

// order is one event of a batch.
type order struct {
	call *link.Call
	slot int // of its result
}

// Handle asks for a batch and returns the result of each event. It returns when the host has answered all, or when ctx ends. In
// the second case the broker delivers all again. An event that does not fit into a record goes to the error queue; the others of
// the batch are asked for.
func (h *Handler) Handle(ctx context.Context, events []event.Event) []amqp.Result {
	results := make([]amqp.Result, len(events))
	var open []order
	for i, e := range events {
		call, err := h.prepare(e, &results[i])
		switch {
		case err != nil:
			results[i].Err = err
		case call != nil:
			open = append(open, order{call, i})
		}
	}
	h.waiting.Store(int64(len(open)))
	defer h.waiting.Store(0)
	if now := time.Now(); len(open) > 0 {
		h.began.Store(&now)
		defer h.began.Store(nil)
	}
	if err := h.persist(ctx, open); err != nil {
		return nil // ctx has ended: nothing is acknowledged
	}
	return results
}

// persist asks the host until every order is answered. Each attempt begins at the first order without an answer, so no order
// overtakes another. It fails only when ctx ends.
func (h *Handler) persist(ctx context.Context, open []order) error {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = firstPause, lastPause
	for len(open) > 0 {
		err := h.host.Exchange(ctx, calls(open))
		open = unanswered(open)
		h.waiting.Store(int64(len(open)))
		if err == nil {
			continue
		}
		h.log.Debug("work waits for the mainframe", "work", h.name, "events", len(open), "error", err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause.NextBackOff()):
		}
	}
	return nil
}

func calls(open []order) []*link.Call {
	all := make([]*link.Call, len(open))
	for i, o := range open {
		all[i] = o.call
	}
	return all
}

func unanswered(open []order) []order {
	var left []order
	for _, o := range open {
		if !o.call.Done {
			left = append(left, o)
		}
	}
	return left
}
