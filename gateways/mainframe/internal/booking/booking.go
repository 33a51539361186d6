// Package booking brings registered trades to the mainframe: once each, in their order, through any outage.
package booking

import (
	"log/slog"
	"sync/atomic"

	"fxcore/gateways/mainframe/internal/inorder"
	"fxcore/gateways/mainframe/internal/link"
	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/internal/wire"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

// Booker books registered trades. It has no state of its own: the host knows which trades are booked, and answers a repeated
// trade with the same booking.
type Booker struct {
	*inorder.Handler
	layouts *records.Layouts

	bookings, refusals atomic.Int64
}

// New returns a booker that asks the host.
func New(host inorder.Exchanger, layouts *records.Layouts, log *slog.Logger) *Booker {
	b := &Booker{layouts: layouts}
	b.Handler = inorder.New(host, "bookings", log, b.prepare)
	return b
}

// Booked returns the number of trades that the host has booked for this replica, repeats included.
func (b *Booker) Booked() int64 { return b.bookings.Load() }

// Refused returns the number of trades that the host has refused to book.
func (b *Booker) Refused() int64 { return b.refusals.Load() }

// prepare makes the call for one trade. The answer to the call sets the trade's result.
func (b *Booker) prepare(e event.Event, result *amqp.Result) (*link.Call, error) {
	r, err := messages.ReadRegistered(e)
	if err != nil {
		return nil, err
	}
	id := r.Request.TradeID
	call := inorder.Call(wire.Book, id, result,
		func(answer wire.Frame) (amqp.Result, error) { return b.booked(e, r, answer) },
		func(answer wire.Frame) (amqp.Result, error) { return b.refused(e, r, answer) })
	call.Body, call.Count, err = b.request(r)
	return call, err
}
