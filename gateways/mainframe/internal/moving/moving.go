// Package moving instructs the mainframe to move money between accounts: once for each movement, in order, through any outage,
// and never after the movement's cut-off.
package moving

import (
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"fxcore/gateways/mainframe/internal/inorder"
	"fxcore/gateways/mainframe/internal/link"
	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/internal/wire"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Mover instructs the mainframe. It has no state and no clock of its own. The host knows what it has moved, and what it has
// refused, and answers the same again. The host also compares its own clock with the cut-off, when it moves the money: an
// instruction that was under way for long cannot move it too late.
type Mover struct {
	*inorder.Handler
	layouts *records.Layouts

	moved, refusals atomic.Int64
}

// New returns a mover that asks the host.
func New(host inorder.Exchanger, layouts *records.Layouts, log *slog.Logger) *Mover {
	m := &Mover{layouts: layouts}
	m.Handler = inorder.New(host, "movements", log, m.prepare)
	return m
}

// Moved returns the number of movements that the host has made for this replica, repeats included.
func (m *Mover) Moved() int64 { return m.moved.Load() }

// Refused returns the number of movements that the host has refused to make.
func (m *Mover) Refused() int64 { return m.refusals.Load() }

// Unsent is the code of a movement that does not fit the record, or that the host does not understand. The host has not moved it
// and never will: an attempt that it could read has the same lines.
const Unsent = "UNSENT"

// prepare makes the call for one movement. The answer to the call sets the movement's result. A movement that cannot be sent is
// refused, so that a person can resolve it.
func (m *Mover) prepare(e event.Event, result *amqp.Result) (*link.Call, error) {
	r, err := messages.ReadMovement(e)
	if errors.Is(err, messages.ErrIncomplete) {
		*result, err = m.unsent(e, r, err)
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	call := inorder.Call(wire.Move, r.MovementID, result,
		func(answer wire.Frame) (amqp.Result, error) { return m.made(e, r, answer) },
		func(answer wire.Frame) (amqp.Result, error) { return m.refused(e, r, answer) })
	call.Body, call.Count, err = m.request(r)
	if err != nil {
		*result, err = m.unsent(e, r, err)
		return nil, err
	}
	accept := call.Accept
	call.Accept = func(answer wire.Frame) error {
		err := accept(answer)
		if err == nil && errors.Is(result.Err, inorder.ErrNotUnderstood) {
			*result, err = m.unsent(e, r, result.Err)
		}
		return err
	}
	return call, nil
}

// unsent refuses a movement that cannot be sent.
func (m *Mover) unsent(e event.Event, asked messages.MovementRequested, why error) (amqp.Result, error) {
	m.refusals.Add(1)
	return inorder.Emit(e, contract.MovementRefused, messages.MovementRefused{
		MovementID: asked.MovementID, Attempt: asked.Attempt, Code: Unsent, Text: why.Error(),
	})
}

// request returns the records of MOVE for a movement and their number: the movement, then its lines.
func (m *Mover) request(r messages.MovementRequested) (body []byte, count int, err error) {
	date, err := time.Parse(time.DateOnly, r.ValueDate)
	if err != nil {
		return nil, 0, fmt.Errorf("value date: %w", err)
	}
	body, err = m.layouts.Movement.Append(nil, records.Movement{
		ID: r.MovementID, Attempt: r.Attempt, ValueDate: date, Client: r.Client, NotAfter: r.NotAfter, Lines: len(r.Lines),
	})
	for _, line := range r.Lines {
		if err == nil {
			body, err = m.layouts.MovementLine.Append(body, records.MovementLine(line))
		}
	}
	return body, 1 + len(r.Lines), err
}

func (m *Mover) made(e event.Event, asked messages.MovementRequested, answer wire.Frame) (amqp.Result, error) {
	r, err := inorder.Only(m.layouts, m.layouts.Moved, answer)
	if err != nil {
		return amqp.Result{}, err
	}
	if r.ID != asked.MovementID || r.Reference == "" || r.MovedAt.IsZero() {
		return amqp.Result{}, fmt.Errorf("movement %s asked, %q answered with reference %q", asked.MovementID, r.ID, r.Reference)
	}
	m.moved.Add(1)
	return inorder.Emit(e, contract.MovementMade, messages.MovementMade{
		MovementID: asked.MovementID, Reference: r.Reference, MovedAt: r.MovedAt,
	})
}

func (m *Mover) refused(e event.Event, asked messages.MovementRequested, answer wire.Frame) (amqp.Result, error) {
	r, err := inorder.Refusal(m.layouts, asked.MovementID, answer)
	if err != nil {
		return amqp.Result{}, err
	}
	m.refusals.Add(1)
	return inorder.Emit(e, contract.MovementRefused, messages.MovementRefused{
		MovementID: asked.MovementID, Attempt: asked.Attempt, Code: answer.Reason, Text: r.Text,
	})
}
