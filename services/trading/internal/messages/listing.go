package messages

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// MaxListed is how many trades one answer lists.
const MaxListed = 200

// TradesRequested holds the fields of trades.requested that trading reads: the trades wanted are those after a trade and a version, in
// the order of their ids, that were registered before a time.
type TradesRequested struct {
	AfterTrade   string    `json:"after_trade"` // the first trade of all comes after an id of zeros
	AfterVersion int       `json:"after_version"`
	Before       time.Time `json:"before"`
}

// TradesListed is the data of trades.listed. Trades that are executed, replaced, deleted or refused by the mainframe are left out.
type TradesListed struct {
	Trades []ListedTrade `json:"trades"`
	Before time.Time     `json:"before"` // as the request has it
	Last   bool          `json:"last"`   // no trade comes after them
}

// ListedTrade is a registered trade with what was agreed.
type ListedTrade struct {
	TradeID  string      `json:"trade_id"`
	Version  int         `json:"version"`
	Provider string      `json:"provider"`
	Client   string      `json:"client"`
	Account  string      `json:"account"`
	Desk     string      `json:"desk"` // empty if nobody has assigned it yet
	Product  string      `json:"product"`
	Pair     string      `json:"pair"`
	Booked   bool        `json:"booked"` // whether the mainframe has booked it
	Legs     []ListedLeg `json:"legs"`   // near leg first
}

// ListedLeg is one exchange of two positive amounts, seen from the client.
type ListedLeg struct {
	ValueDate   string          `json:"value_date"`
	Base        string          `json:"base"`
	BaseSide    string          `json:"base_side"`
	BaseAmount  decimal.Decimal `json:"base_amount"`
	Quote       string          `json:"quote"`
	QuoteAmount decimal.Decimal `json:"quote_amount"`
}

// ReadTradesRequested decodes e. An error means that e can never be handled.
func ReadTradesRequested(e event.Event) (TradesRequested, error) {
	var r TradesRequested
	if err := e.Read(&r); err != nil {
		return r, err
	}
	if r.Before.IsZero() || r.AfterVersion < 0 {
		return r, fmt.Errorf("trades before %s, after version %d", r.Before, r.AfterVersion)
	}
	return r, contract.CheckIsID("trade id", r.AfterTrade)
}
