package messages

import (
	"fmt"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Trade holds the fields of trade.registered that responsibility reads.
type Trade struct {
	Request struct {
		Product string `json:"product"`
	} `json:"request"`
	Validated struct {
		Product string `json:"product"` // by the value dates; it stands over the request's
		Flags   []Flag `json:"flags"`   // of trading
	} `json:"validated"`
	Authorized struct {
		Desk string `json:"desk"` // the client's desk
	} `json:"authorized"`
	Registered struct {
		TradeID string `json:"trade_id"` // a UUID in lower case
		Version int    `json:"version"`  // 1 if the message has no version
		Flags   []Flag `json:"flags"`    // of all services
	} `json:"registered"`
}

// Flags returns what the desk may want to look at. An older version of trading tells its own flags alone.
func (t Trade) Flags() []Flag {
	if t.Registered.Flags == nil {
		return t.Validated.Flags
	}
	return t.Registered.Flags
}

// Product returns the product by the value dates, or by the request if an older version of trading did not say.
func (t Trade) Product() string {
	if t.Validated.Product == "" {
		return t.Request.Product
	}
	return t.Validated.Product
}

// ReadTrade decodes the trade in e. An error means that e can never be handled.
func ReadTrade(e event.Event) (Trade, error) {
	var t Trade
	t.Registered.Version = 1
	if err := e.Read(&t); err != nil {
		return t, err
	}
	if t.Registered.Version < 1 {
		return t, fmt.Errorf("version %d of a trade", t.Registered.Version)
	}
	return t, contract.CheckIsID("trade id", t.Registered.TradeID)
}

// Assigned is the data of trade.assigned.
type Assigned struct {
	TradeID string `json:"trade_id"`
	Version int    `json:"version"` // the version that was registered
	Desk    string `json:"desk"`
	Trader  string `json:"trader"`
	Rule    string `json:"rule"` // the rule that chose desk and trader
	Flags   []Flag `json:"flags,omitempty"`
}

// Flag is a note about a trade that is done, as the service that found it wrote it: the desk must hear of it.
type Flag struct {
	Flag      string `json:"flag"`
	Leg       int    `json:"leg"`                 // 1 near, 2 far; 0 the whole trade
	Deviation string `json:"deviation,omitempty"` // a fraction of the reference rate
	Text      string `json:"text"`
}
