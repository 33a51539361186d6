package messages

import (
	"fxcore/lambda/event"
	"fxcore/services/contract"
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

// ReadTrade decodes the trade in e. An error means that e can never be handled.
func ReadTrade(e event.Event) (Trade, error) {
	var t Trade
	if err := e.Read(&t); err != nil {
		return t, err
	}
	return t, contract.CheckIsID("trade id", t.Registered.TradeID)
}

// Assigned is the data of trade.assigned.
type Assigned struct {
	TradeID string `json:"trade_id"`
	Desk    string `json:"desk"`
	Trader  string `json:"trader"`
	Rule    string `json:"rule"` // which rule chose them
}
