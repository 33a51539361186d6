package booking

import (
	"errors"
	"fmt"

	"fxcore/gateways/mainframe/internal/copybook"
	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/internal/wire"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// errNotUnderstood means that the host cannot read our request. One of the two sides has a fault, so another attempt does not
// help.
var errNotUnderstood = errors.New("the mainframe does not understand the booking")

// accept turns the host's answer into the result for a trade. An error means that the answer is not valid or that the host
// failed. Then the trade counts as not answered.
func (b *Booker) accept(e event.Event, tradeID string, answer wire.Frame) (amqp.Result, error) {
	switch answer.Code {
	case wire.Done, wire.Nothing:
		return b.booked(e, tradeID, answer)
	case wire.Refused:
		return b.refused(e, tradeID, answer)
	case wire.NotUnderstood:
		return amqp.Result{Err: fmt.Errorf("%w: trade %s, reason %s", errNotUnderstood, tradeID, answer.Reason)}, nil
	case wire.HostError:
	}
	return amqp.Result{}, fmt.Errorf("return code %d, reason %s", answer.Code, answer.Reason)
}

func (b *Booker) booked(e event.Event, tradeID string, answer wire.Frame) (amqp.Result, error) {
	r, err := only(b.layouts, b.layouts.Booked, answer)
	if err != nil {
		return amqp.Result{}, err
	}
	if r.TradeID != tradeID || r.Reference == "" || r.BookedAt.IsZero() {
		return amqp.Result{}, fmt.Errorf("trade %s asked, %q answered with reference %q", tradeID, r.TradeID, r.Reference)
	}
	b.bookings.Add(1)
	return emit(e, contract.TradeBooked, messages.Booked{TradeID: tradeID, BookingReference: r.Reference, BookedAt: r.BookedAt})
}

func (b *Booker) refused(e event.Event, tradeID string, answer wire.Frame) (amqp.Result, error) {
	r, err := only(b.layouts, b.layouts.Refusal, answer)
	var field *copybook.FieldError
	if errors.As(err, &field) && field.Field == "Text" { // for a person only: it must not hold up the bookings behind it
		r.Text, err = "the mainframe's text cannot be read: "+field.Err.Error(), nil
	}
	if err != nil {
		return amqp.Result{}, err
	}
	if r.TradeID != tradeID || answer.Reason == "" {
		return amqp.Result{}, fmt.Errorf("trade %s asked, refusal %q of %q answered", tradeID, answer.Reason, r.TradeID)
	}
	b.refusals.Add(1)
	return emit(e, contract.TradeRefused, messages.Refused{TradeID: tradeID, Code: answer.Reason, Text: r.Text})
}

// only decodes the one record of an answer. With a *copybook.FieldError it returns the fields that can be read.
func only[T any](layouts *records.Layouts, kind records.Kind[T], answer wire.Frame) (T, error) {
	var none T
	all, err := layouts.Split(answer.Body, answer.Count)
	if err != nil {
		return none, err
	}
	if len(all) != 1 {
		return none, fmt.Errorf("%d records, 1 expected", len(all))
	}
	return kind.Decode(all[0])
}

func emit(e event.Event, t event.Type, data any) (amqp.Result, error) {
	next, err := e.Next(t, data)
	if err != nil {
		return amqp.Result{}, err
	}
	return amqp.Result{Emit: []event.Event{next}}, nil
}
