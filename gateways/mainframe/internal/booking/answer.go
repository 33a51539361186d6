package booking

import (
	"fmt"

	"fxcore/gateways/mainframe/internal/inorder"
	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/gateways/mainframe/internal/wire"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// laterVersion returns the version of a trade as messages about its booking tell it: 0, which is left out, for the first one.
func laterVersion(of messages.Registered) int {
	if of.Registered.Version <= 1 {
		return 0
	}
	return of.Registered.Version
}

func (b *Booker) booked(e event.Event, of messages.Registered, answer wire.Frame) (amqp.Result, error) {
	tradeID := of.Request.TradeID
	r, err := inorder.Only(b.layouts, b.layouts.Booked, answer)
	if err != nil {
		return amqp.Result{}, err
	}
	if r.TradeID != tradeID || r.Reference == "" || r.BookedAt.IsZero() {
		return amqp.Result{}, fmt.Errorf("trade %s asked, %q answered with reference %q", tradeID, r.TradeID, r.Reference)
	}
	b.bookings.Add(1)
	return inorder.Emit(e, contract.TradeBooked, messages.Booked{TradeID: tradeID, Version: laterVersion(of), BookingReference: r.Reference, BookedAt: r.BookedAt})
}

func (b *Booker) refused(e event.Event, of messages.Registered, answer wire.Frame) (amqp.Result, error) {
	tradeID := of.Request.TradeID
	r, err := inorder.Refusal(b.layouts, tradeID, answer)
	if err != nil {
		return amqp.Result{}, err
	}
	b.refusals.Add(1)
	return inorder.Emit(e, contract.TradeRefused, messages.Refused{TradeID: tradeID, Version: laterVersion(of), Code: answer.Reason, Text: r.Text})
}
