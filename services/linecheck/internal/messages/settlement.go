package messages

import (
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Settled holds the fields of settlement.settled that linecheck reads. The reservation knows the leg's value date.
type Settled struct {
	TradeID string `json:"trade_id"`
	Leg     int    `json:"leg"` // 1 near or only, 2 far
}

// ReadSettled decodes the settled leg in e. An error means that e can never be handled.
func ReadSettled(e event.Event) (Settled, error) {
	var s Settled
	if err := e.Read(&s); err != nil {
		return s, err
	}
	return s, contract.CheckIsID("trade id", s.TradeID)
}
