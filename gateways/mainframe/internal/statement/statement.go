// Package statement fetches from the mainframe what it has moved on a day, and delivers it in pages.
package statement

import (
	"fmt"
	"log/slog"
	"strconv"
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

// maxPageMovements bounds one delivered page: some 100 KB.
const maxPageMovements = 250

// Fetcher answers requests for statements. A request waits while the mainframe is away, unless its deadline passes. It has no
// state.
type Fetcher struct {
	*inorder.Handler
	layouts *records.Layouts
	now     func() time.Time
}

// New returns a fetcher that asks the host.
func New(host inorder.Exchanger, layouts *records.Layouts, now func() time.Time, log *slog.Logger) *Fetcher {
	f := &Fetcher{layouts: layouts, now: now}
	f.Handler = inorder.New(host, "statements", log, f.prepare)
	return f
}

// prepare makes the call for one request, or none if its deadline has passed.
func (f *Fetcher) prepare(e event.Event, result *amqp.Result) (*link.Call, error) {
	r, err := messages.ReadStatement(e)
	if err != nil || e.Expired(f.now()) {
		return nil, err
	}
	day, err := time.Parse(time.DateOnly, r.Day)
	if err != nil {
		return nil, fmt.Errorf("day of a statement: %w", err)
	}
	body, err := f.layouts.StatementRequest.Append(nil, records.StatementRequest{Day: day, First: r.First, Max: r.Most})
	if err != nil {
		return nil, err
	}
	call := inorder.Call(wire.Stmt, "statement of "+r.Day, result, func(answer wire.Frame) (amqp.Result, error) {
		got, err := f.read(day, r, answer)
		if err != nil {
			return amqp.Result{}, err
		}
		return emit(e, pages(got))
	}, refused)
	call.Body, call.Count = body, 1
	return call, nil
}

// refused takes no refusal for an answer: no rule of business forbids a statement.
func refused(answer wire.Frame) (amqp.Result, error) {
	return amqp.Result{}, fmt.Errorf("a statement refused, reason %s", answer.Reason)
}

// pages cuts what one request led to. The same answer makes the same pages.
func pages(got messages.StatementDelivered) []messages.StatementDelivered {
	count := max(1, (len(got.Movements)+maxPageMovements-1)/maxPageMovements)
	all := make([]messages.StatementDelivered, count)
	for i := range all {
		from := i * maxPageMovements
		all[i] = got
		all[i].Page, all[i].Pages, all[i].First = i+1, count, got.First+from
		all[i].Movements = got.Movements[from:min(from+maxPageMovements, len(got.Movements))]
	}
	return all
}

// emit makes an event for each page. The total is part of the event's id, because a repeated request may find more movements.
func emit(e event.Event, all []messages.StatementDelivered) (amqp.Result, error) {
	var result amqp.Result
	for _, p := range all {
		next, err := e.Next(contract.StatementDelivered, p, strconv.Itoa(p.Total), strconv.FormatBool(p.Complete), strconv.Itoa(p.Page))
		if err != nil {
			return amqp.Result{}, err
		}
		result.Emit = append(result.Emit, next)
	}
	return result, nil
}
