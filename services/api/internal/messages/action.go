package messages

import (
	"errors"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/contract"
)

// The steps of a command about an action on a trade.
const (
	Propose  = "propose"
	Approve  = "approve"
	Decline  = "decline"
	Withdraw = "withdraw"
)

// DeleteTrade is the kind of action that deletes a trade.
const DeleteTrade = "delete"

// TradeCommanded is the data of trade.commanded.
type TradeCommanded struct {
	ActionID string `json:"action_id"`
	Step     string `json:"step"`
	Action   string `json:"action"`
	TradeID  string `json:"trade_id"`
	Version  int    `json:"version"` // as the person has seen it
	By       string `json:"by"`
	Reason   string `json:"reason"`
}

// ActionID returns the id of what a person proposes under a key about a trade.
func ActionID(trade, by, key string) string { return event.ChildID(trade, "action", by, key) }

// Event returns the event. The same key of a person for the same step always gives the same event id, so a repeat is done once.
func (c TradeCommanded) Event(key string, now time.Time) (event.Event, error) {
	id := event.ChildID(c.ActionID, contract.TradeCommanded.Name, c.By, key, c.Step)
	e, err := event.New(contract.TradeCommanded, id, contract.API, c.TradeID, c)
	e.Time, e.Deadline = now, now.Add(CommandLasts)
	return e, err
}

// ReadAction decodes action.proposed or action.ended.
func ReadAction(e event.Event) (blotter.Action, error) {
	a, err := read[blotter.Action](e)
	if err == nil && (a.State == "" || (a.State == blotter.Proposed) != (e.Type == contract.ActionProposed)) {
		err = errors.New("the state of an action is not that of its message")
	}
	return a, errors.Join(err, contract.CheckIsID("action id", a.ID), contract.CheckIsID("trade id", a.TradeID))
}

// ReadDeleted decodes trade.deleted.
func ReadDeleted(e event.Event) (Fact, error) {
	d, err := read[blotter.Deletion](e)
	return of(d.TradeID, err, func(f *blotter.Facts) { f.Delete(d) })
}

// ReadReversal decodes reversal.booked or reversal.refused.
func ReadReversal(e event.Event) (Fact, error) {
	d, err := read[struct {
		TradeID string `json:"trade_id"`
		blotter.OppositeBooking
	}](e)
	return of(d.TradeID, err, func(f *blotter.Facts) { f.Reverse(d.OppositeBooking) })
}
