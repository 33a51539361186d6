package inorder

import (
	"errors"
	"fmt"

	"fxcore/gateways/mainframe/internal/copybook"
	"fxcore/gateways/mainframe/internal/link"
	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/internal/wire"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

// ErrNotUnderstood means that the host cannot read our request. One of the two sides has a fault, so another attempt does not
// help.
var ErrNotUnderstood = errors.New("the mainframe does not understand the request")

// Outcome makes the result of an answer. An error means that the answer is not valid. Then the event counts as not answered.
type Outcome func(answer wire.Frame) (amqp.Result, error)

// Call asks for the thing with an id. done makes the result if it is done, now or before; refused if the host refuses it.
func Call(function wire.Function, id string, result *amqp.Result, done, refused Outcome) *link.Call {
	return &link.Call{Function: function, Accept: func(answer wire.Frame) error {
		got, err := accept(answer, id, done, refused)
		if err != nil {
			return err
		}
		*result = got
		return nil
	}}
}

func accept(answer wire.Frame, id string, done, refused Outcome) (amqp.Result, error) {
	switch answer.Code {
	case wire.Done, wire.Nothing:
		return done(answer)
	case wire.Refused:
		return refused(answer)
	case wire.NotUnderstood:
		return amqp.Result{Err: fmt.Errorf("%w: %s, reason %s", ErrNotUnderstood, id, answer.Reason)}, nil
	case wire.HostError:
	}
	return amqp.Result{}, fmt.Errorf("return code %d, reason %s", answer.Code, answer.Reason)
}

// Only decodes the one record of an answer. With a *copybook.FieldError it returns the fields that can be read.
func Only[T any](layouts *records.Layouts, kind records.Kind[T], answer wire.Frame) (T, error) {
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

// Refusal decodes a refusal of the thing with the id. A text that cannot be read is replaced: it is for a person only, and must
// not hold up what comes after it.
func Refusal(layouts *records.Layouts, id string, answer wire.Frame) (records.Refusal, error) {
	r, err := Only(layouts, layouts.Refusal, answer)
	var field *copybook.FieldError
	if errors.As(err, &field) && field.Field == "Text" {
		r.Text, err = "the mainframe's text cannot be read: "+field.Err.Error(), nil
	}
	if err != nil {
		return r, err
	}
	if r.ID != id || answer.Reason == "" {
		return r, fmt.Errorf("%s asked, refusal %q of %q answered", id, answer.Reason, r.ID)
	}
	return r, nil
}

// Emit makes the result of one event that e led to.
func Emit(e event.Event, t event.Type, data any) (amqp.Result, error) {
	next, err := e.Next(t, data)
	if err != nil {
		return amqp.Result{}, err
	}
	return amqp.Result{Emit: []event.Event{next}}, nil
}
