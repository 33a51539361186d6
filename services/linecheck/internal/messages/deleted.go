package messages

import (
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Deleted holds the fields of trade.deleted that linecheck reads.
type Deleted struct {
	TradeID string `json:"trade_id"`
}

// ReadDeleted decodes the deleted trade in e. An error means that e can never be handled.
func ReadDeleted(e event.Event) (Deleted, error) {
	var d Deleted
	if err := e.Read(&d); err != nil {
		return d, err
	}
	return d, contract.CheckIsID("trade id", d.TradeID)
}
