package booking

import (
	"fmt"
	"log/slog"
	"sync/atomic"

	"fxcore/gateways/mainframe/internal/inorder"
	"fxcore/gateways/mainframe/internal/link"
	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/internal/wire"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Reverser books the opposite of booked trades that are deleted. The host's book is only ever added to. The Reverser has no state of its own: the host
// answers a repeated reversal with the same booking.
type Reverser struct {
	*inorder.Handler
	booker Booker // for the records of BOOK

	reversals, refusals atomic.Int64
}

// NewReverser returns a reverser that asks the host.
func NewReverser(host inorder.Exchanger, layouts *records.Layouts, log *slog.Logger) *Reverser {
	r := &Reverser{booker: Booker{layouts: layouts}}
	r.Handler = inorder.New(host, "reversals", log, r.prepare)
	return r
}

// Reversed returns the number of reversals that the host has booked for this replica, repeats included.
func (r *Reverser) Reversed() int64 { return r.reversals.Load() }

// Refused returns the number of reversals that the host has refused.
func (r *Reverser) Refused() int64 { return r.refusals.Load() }

// prepare makes the call for one deleted trade. There is none for a trade that was not booked.
func (r *Reverser) prepare(e event.Event, result *amqp.Result) (*link.Call, error) {
	d, err := messages.ReadDeleted(e)
	if err != nil || !d.Booked {
		return nil, err
	}
	call := inorder.Call(wire.Book, d.ReversalID(), result,
		func(answer wire.Frame) (amqp.Result, error) { return r.booked(e, d, answer) },
		func(answer wire.Frame) (amqp.Result, error) { return r.refused(e, d, answer) })
	call.Body, call.Count, err = r.booker.request(d.Reversal())
	return call, err
}

func (r *Reverser) booked(e event.Event, d messages.Deleted, answer wire.Frame) (amqp.Result, error) {
	b, err := inorder.Only(r.booker.layouts, r.booker.layouts.Booked, answer)
	if err != nil {
		return amqp.Result{}, err
	}
	if b.TradeID != d.ReversalID() || b.Reference == "" || b.BookedAt.IsZero() {
		return amqp.Result{}, fmt.Errorf("reversal %s asked, %q answered with reference %q", d.ReversalID(), b.TradeID, b.Reference)
	}
	r.reversals.Add(1)
	return inorder.Emit(e, contract.ReversalBooked, messages.ReversalBooked{
		TradeID: d.TradeID, Version: d.Version, ReversalID: b.TradeID, BookingReference: b.Reference, BookedAt: b.BookedAt,
	})
}

func (r *Reverser) refused(e event.Event, d messages.Deleted, answer wire.Frame) (amqp.Result, error) {
	no, err := inorder.Refusal(r.booker.layouts, d.ReversalID(), answer)
	if err != nil {
		return amqp.Result{}, err
	}
	r.refusals.Add(1)
	return inorder.Emit(e, contract.ReversalRefused, messages.ReversalRefused{
		TradeID: d.TradeID, Version: d.Version, ReversalID: d.ReversalID(), Code: answer.Reason, Text: no.Text,
	})
}
