// Package messages defines the messages that the API reads and publishes.
package messages

import (
	"fmt"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/contract"
)

// Fact is what one message tells of one trade.
type Fact struct {
	TradeID string
	Apply   func(*blotter.Facts)

	Settlement *blotter.Settlement // of a leg; nil if the message is not about one
}

// ReadRegistered decodes trade.registered. An error means that e can never be handled; so it does for all readers here.
func ReadRegistered(e event.Event) (Fact, error) {
	d, err := read[blotter.Done](e)
	return of(d.Registered.TradeID, err, func(f *blotter.Facts) { f.Register(d) })
}

// ReadRejected decodes trade.rejected.
func ReadRejected(e event.Event) (Fact, error) {
	d, err := read[blotter.Ended](e)
	return of(d.Request.TradeID, err, func(f *blotter.Facts) { f.Reject(d) })
}

// ReadAssigned decodes trade.assigned.
func ReadAssigned(e event.Event) (Fact, error) {
	d, err := read[blotter.Assignment](e)
	return of(d.TradeID, err, func(f *blotter.Facts) { f.Assign(d) })
}

// ReadBooked decodes trade.booked.
func ReadBooked(e event.Event) (Fact, error) {
	d, err := read[struct {
		TradeID string `json:"trade_id"`
		blotter.Booking
	}](e)
	return of(d.TradeID, err, func(f *blotter.Facts) { f.Book(d.Booking) })
}

// ReadRefused decodes trade.refused.
func ReadRefused(e event.Event) (Fact, error) {
	d, err := read[struct {
		TradeID string `json:"trade_id"`
		blotter.Refusal
	}](e)
	d.By = "mainframe"
	return of(d.TradeID, err, func(f *blotter.Facts) { f.Refuse(d.Refusal) })
}

// ReadExecuted decodes trade.executed.
func ReadExecuted(e event.Event) (Fact, error) {
	d, err := read[blotter.Execution](e)
	return of(d.TradeID, err, func(f *blotter.Facts) { f.Execute(d) })
}

func read[T any](e event.Event) (view T, err error) {
	err = e.Read(&view)
	return view, err
}

func of(trade string, err error, apply func(*blotter.Facts)) (Fact, error) {
	if err == nil {
		err = contract.CheckIsID("trade id", trade)
	}
	if err != nil {
		return Fact{}, fmt.Errorf("read what happened to a trade: %w", err)
	}
	return Fact{TradeID: trade, Apply: apply}, nil
}
