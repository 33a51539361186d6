package messages

import (
	"errors"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Request is what trading reads of a request to trade.
type Request struct {
	TradeID      string         `json:"trade_id"`
	Provider     string         `json:"provider"`
	Reference    string         `json:"reference"` // the provider's: ClOrdID (11), TradeReportID (571)
	Kind         string         `json:"kind"`      // request, report
	TradeDate    string         `json:"trade_date"`
	TransactedAt time.Time      `json:"transacted_at"`
	Client       string         `json:"client"`
	Account      string         `json:"account"`
	Product      string         `json:"product"`
	Pair         string         `json:"pair"`
	Currency     string         `json:"currency"` // dealt
	Legs         []RequestedLeg `json:"legs"`     // near leg first
	QuoteID      string         `json:"quote_id"`
}

// RequestedLeg is one exchange, as text.
type RequestedLeg struct {
	Side      string `json:"side"`
	Amount    string `json:"amount"`
	Rate      string `json:"rate"`
	Tenor     string `json:"tenor"`
	ValueDate string `json:"value_date"`
}

// Authorized is the view of trade.authorized.
type Authorized struct {
	Request Request `json:"request"`
}

// Reserved is the view of trade.reserved: the request, what trading itself validated, and the line's reservation.
type Reserved struct {
	Request   Request   `json:"request"`
	Validated Validated `json:"validated"`
	Reserved  struct {
		ExpiresAt time.Time `json:"expires_at"`
	} `json:"reserved"`
}

// ReadAuthorized decodes e. An error means that e can never be handled.
func ReadAuthorized(e event.Event) (Authorized, error) {
	var view Authorized
	if err := e.Read(&view); err != nil {
		return view, err
	}
	return view, contract.CheckIsID("trade id", view.Request.TradeID)
}

// ReadReserved decodes e. An error means that e can never be handled.
func ReadReserved(e event.Event) (Reserved, error) {
	var view Reserved
	if err := e.Read(&view); err != nil {
		return view, err
	}
	if view.Reserved.ExpiresAt.IsZero() || len(view.Validated.Legs) == 0 {
		return view, errors.New("without what was validated or until when the line is reserved")
	}
	return view, contract.CheckIsID("trade id", view.Request.TradeID)
}
