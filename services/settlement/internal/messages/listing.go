package messages

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// TradesRequested is the data of trades.requested: the next trades after a trade and a version, in the order of their ids, that were
// registered before a time.
type TradesRequested struct {
	AfterTrade   string    `json:"after_trade"`
	AfterVersion int       `json:"after_version"`
	Before       time.Time `json:"before"`
}

// TradesListed holds the fields of trades.listed that settlement reads.
type TradesListed struct {
	Trades []ListedTrade `json:"trades"`
	Before time.Time     `json:"before"` // as the request has it
	Last   bool          `json:"last"`   // no trade comes after them
}

// ListedTrade is a registered trade that is not executed.
type ListedTrade struct {
	TradeID  string `json:"trade_id"`
	Version  int    `json:"version"`
	Provider string `json:"provider"`
	Client   string `json:"client"`
	Account  string `json:"account"`
	Desk     string `json:"desk"`
	Product  string `json:"product"`
	Pair     string `json:"pair"`
	Booked   bool   `json:"booked"`
	Legs     []Leg  `json:"legs"`
}

// ReadTradesListed decodes e. An error means that e can never be handled. The trades are checked one by one: see Trade.
func ReadTradesListed(e event.Event) (TradesListed, error) {
	var view TradesListed
	err := e.Read(&view)
	for _, t := range view.Trades {
		if err == nil {
			err = contract.CheckIsID("trade id", t.TradeID)
		}
	}
	return view, err
}

// Trade returns the trade as trade.registered has it.
func (l ListedTrade) Trade() (Trade, error) {
	var t Trade
	t.Request.Client, t.Request.Account, t.Request.Product = l.Client, l.Account, l.Product
	t.Authorized.Desk = l.Desk
	t.Validated.Product, t.Validated.Pair, t.Validated.Legs = l.Product, l.Pair, l.Legs
	t.Registered.TradeID, t.Registered.Version = l.TradeID, l.Version
	return t, t.check()
}
