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

// Pauses between two tries of a batch. The link's breaker keeps most of them from reaching the host.
const (
	firstPause = 50 * time.Millisecond
	lastPause  = 2 * time.Second
)

// Exchanger asks the host, as link.Link does.
type Exchanger interface {
	Exchange(ctx context.Context, calls []*link.Call) error
}

// Booker books registered trades. It has no state of its own: what was booked, the host knows, and it answers a trade
// that comes again with the same booking.
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

// Waiting is the number of trades in hand that the host has not answered.
func (b *Booker) Waiting() int64 { return b.waiting.Load() }

// Booked is the number of trades that the host has booked for this replica, repeats included.
func (b *Booker) Booked() int64 { return b.bookings.Load() }

// Refused is the number of trades that the host has refused to book.
func (b *Booker) Refused() int64 { return b.refusals.Load() }

// order is one trade of a batch.
type order struct {
	call *link.Call
	slot int // of its result
}

// Handle books a batch and returns what became of each trade. It returns only when all are answered, or when ctx ends;
// then the broker redelivers all, and those already booked are answered again with the same reference.
// A trade that can not be laid out as a record is poison: it alone goes to the error queue.
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

// prepare makes the call of one trade, whose answer fills in the result.
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

// persist asks until every order is answered, always from the first that is not: so none overtakes another. It fails
// only when ctx ends.
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
