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

func (b *Booker) booked(e event.Event, tradeID string, answer wire.Frame) (amqp.Result, error) {
	r, err := inorder.Only(b.layouts, b.layouts.Booked, answer)
	if err != nil {
		return amqp.Result{}, err
	}
	if r.TradeID != tradeID || r.Reference == "" || r.BookedAt.IsZero() {
		return amqp.Result{}, fmt.Errorf("trade %s asked, %q answered with reference %q", tradeID, r.TradeID, r.Reference)
	}
	b.bookings.Add(1)
	return inorder.Emit(e, contract.TradeBooked, messages.Booked{TradeID: tradeID, BookingReference: r.Reference, BookedAt: r.BookedAt})
}

func (b *Booker) refused(e event.Event, tradeID string, answer wire.Frame) (amqp.Result, error) {
	r, err := inorder.Refusal(b.layouts, tradeID, answer)
	if err != nil {
		return amqp.Result{}, err
	}
	b.refusals.Add(1)
	return inorder.Emit(e, contract.TradeRefused, messages.Refused{TradeID: tradeID, Code: answer.Reason, Text: r.Text})
}
