// Package booking brings registered trades to the mainframe: once each, in their order, through any outage.
package booking

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"

	"fxcore/gateways/mainframe/internal/link"
	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/internal/wire"
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

// Booker books registered trades. It has no state of its own: the host knows which trades are booked, and answers a repeated
// trade with the same booking.
type Booker struct {
	host    Exchanger
	layouts *records.Layouts
	log     *slog.Logger

	waiting, bookings, refusals atomic.Int64
}

// New returns a booker that asks the host.
func New(host Exchanger, layouts *records.Layouts, log *slog.Logger) *Booker {
	return &Booker{host: host, layouts: layouts, log: log}
}

// Waiting returns the number of trades that wait for an answer of the host.
func (b *Booker) Waiting() int64 { return b.waiting.Load() }

// Booked returns the number of trades that the host has booked for this replica, repeats included.
func (b *Booker) Booked() int64 { return b.bookings.Load() }

// Refused returns the number of trades that the host has refused to book.
func (b *Booker) Refused() int64 { return b.refusals.Load() }

// order is one trade of a batch.
type order struct {
	call *link.Call
	slot int // of its result
}

// Handle books a batch and returns the result of each trade. It returns when the host has answered all, or when ctx ends. In the
// second case the broker delivers all again, and the host answers those already booked with the same reference.
// A trade that does not fit into a record goes to the error queue; the others of the batch are booked.
func (b *Booker) Handle(ctx context.Context, events []event.Event) []amqp.Result {
	results := make([]amqp.Result, len(events))
	var open []order
	for i, e := range events {
		call, err := b.prepare(e, &results[i])
		if err != nil {
			results[i].Err = err
			continue
		}
		open = append(open, order{call, i})
	}
	b.waiting.Store(int64(len(open)))
	defer b.waiting.Store(0)
	if err := b.persist(ctx, open); err != nil {
		return nil // ctx has ended: nothing is acknowledged
	}
	return results
}

// prepare makes the call for one trade. The answer to the call sets the trade's result.
func (b *Booker) prepare(e event.Event, result *amqp.Result) (*link.Call, error) {
	r, err := messages.ReadRegistered(e)
	if err != nil {
		return nil, err
	}
	call, err := b.request(r)
	if err != nil {
		return nil, err
	}
	call.Accept = func(answer wire.Frame) error {
		got, err := b.accept(e, r.Request.TradeID, answer)
		if err != nil {
			return err
		}
		*result = got
		return nil
	}
	return call, nil
}

// persist asks the host until every order is answered. Each attempt begins at the first order without an answer, so no order
// overtakes another. It fails only when ctx ends.
func (b *Booker) persist(ctx context.Context, open []order) error {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = firstPause, lastPause
	for len(open) > 0 {
		err := b.host.Exchange(ctx, calls(open))
		open = unanswered(open)
		b.waiting.Store(int64(len(open)))
		if err == nil {
			continue
		}
		b.log.Debug("bookings wait", "trades", len(open), "error", err)
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
