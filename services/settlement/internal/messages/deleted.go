package messages

import (
	"fmt"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Deleted holds the fields of trade.deleted that settlement reads.
type Deleted struct {
	TradeID string `json:"trade_id"`
	Version int    `json:"version"`
}

// ReadDeleted decodes e. An error means that e can never be handled.
func ReadDeleted(e event.Event) (Deleted, error) {
	var d Deleted
	if err := e.Read(&d); err != nil {
		return d, err
	}
	if d.Version < 1 {
		return d, fmt.Errorf("version %d", d.Version)
	}
	return d, contract.CheckIsID("trade id", d.TradeID)
}
