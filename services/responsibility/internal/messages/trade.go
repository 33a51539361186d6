package messages

import (
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"

	"fxcore/lambda/event"
)

// Trade is what responsibility reads of trade.registered.
type Trade struct {
	Request struct {
		Product string `json:"product"`
	} `json:"request"`
	Authorized struct {
		Desk string `json:"desk"` // the client's
	} `json:"authorized"`
	Registered struct {
		TradeID string `json:"trade_id"` // a UUID in lower case
	} `json:"registered"`
}

// Read decodes the trade in e. An error means that e can never be handled.
func Read(e event.Event) (Trade, error) {
	var t Trade
	if e.Type != TradeRegistered {
		return t, fmt.Errorf("read %s %s: not a registered trade", e.Type, e.ID)
	}
	if err := e.Read(&t); err != nil {
		return t, err
	}
	var id pgtype.UUID
	if id.Scan(t.Registered.TradeID) != nil || id.String() != t.Registered.TradeID {
		return t, fmt.Errorf("read %s %s: trade id %q is not a UUID in lower case", e.Type, e.ID, t.Registered.TradeID)
	}
	return t, nil
}

// Assigned is the data of trade.assigned.
type Assigned struct {
	TradeID string `json:"trade_id"`
	Desk    string `json:"desk"`
	Trader  string `json:"trader"`
	Rule    string `json:"rule"` // which rule chose them
}
