package messages

import (
	"errors"
	"fmt"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/contract"
)

// settlement is the data of settlement.settled and settlement.failed.
type settlement struct {
	TradeID   string    `json:"trade_id"`
	SettledAt time.Time `json:"settled_at"`
	FailedAt  time.Time `json:"failed_at"`
	blotter.Settlement
}

// ReadSettled decodes settlement.settled.
func ReadSettled(e event.Event) (Fact, error) {
	d, err := read[settlement](e)
	d.Code, d.Text, d.At = "", "", d.SettledAt
	return ofLeg(d, err)
}

// ReadFailed decodes settlement.failed.
func ReadFailed(e event.Event) (Fact, error) {
	d, err := read[settlement](e)
	if err == nil && d.Code == "" {
		err = errors.New("a failed settlement has a code")
	}
	d.At = d.FailedAt
	return ofLeg(d, err)
}

// ofLeg refuses what the table of legs cannot hold.
func ofLeg(d settlement, err error) (Fact, error) {
	if err == nil {
		err = contract.CheckTexts(d.MovementID, d.Reference, d.Code, d.Text)
	}
	if _, bad := time.Parse(time.DateOnly, d.ValueDate); err == nil && bad != nil {
		err = fmt.Errorf("value date: %w", bad)
	}
	f, err := of(d.TradeID, err, func(f *blotter.Facts) { f.Settle(d.Settlement) })
	f.Settlement = &d.Settlement
	return f, err
}
