package messages

import (
	"errors"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/blotter"
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
	return of(d.TradeID, err, func(f *blotter.Facts) { f.Settle(d.Settlement) })
}

// ReadFailed decodes settlement.failed.
func ReadFailed(e event.Event) (Fact, error) {
	d, err := read[settlement](e)
	if err == nil && d.Code == "" {
		err = errors.New("a failed settlement has a code")
	}
	d.At = d.FailedAt
	return of(d.TradeID, err, func(f *blotter.Facts) { f.Settle(d.Settlement) })
}
