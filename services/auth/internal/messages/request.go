// Package messages is what auth reads from the broker and what it publishes.
package messages

import (
	"encoding/json"
	"errors"
	"fmt"

	"fxcore/lambda/event"
)

// Request is what auth reads of a trade request or of a line check, and the whole section as it came.
type Request struct {
	TradeID   string `json:"trade_id"`
	CheckID   string `json:"check_id"`
	Reference string `json:"reference"` // the provider's: ClOrdID (11), TradeReportID (571), RiskLimitCheckRequestID (2318)
	Action    string `json:"action"`    // of a line check: reserve, consume, cancel
	TradeDate string `json:"trade_date"`
	Provider  string `json:"provider"`
	Client    string `json:"client"`
	Account   string `json:"account"`
	Product   string `json:"product"`
	Pair      string `json:"pair"`
	Currency  string `json:"currency"`
	Amount    string `json:"amount"` // of a line check
	Legs      []Leg  `json:"legs"`   // of a trade
	Digest    string `json:"digest"` // of the business content

	Section json.RawMessage `json:"-"` // the whole section, passed on untouched
}

// Leg is one exchange of a trade.
type Leg struct {
	Amount string `json:"amount"`
}

// ID is the trade's or the check's. It is derived from the provider, its reference and the trade date, so that two
// requests of one reference share it.
func (r Request) ID() string { return r.TradeID + r.CheckID }

// ReadRequest decodes the request in e. An error means that e can never be handled.
func ReadRequest(e event.Event) (Request, error) {
	var data struct {
		Request json.RawMessage `json:"request"`
	}
	if err := e.Read(&data); err != nil {
		return Request{}, err
	}
	r := Request{Section: data.Request}
	if err := json.Unmarshal(data.Request, &r); err != nil {
		return Request{}, fmt.Errorf("read the request: %w", err)
	}
	return r, nil
}

// CheckTrade reports a trade request that is not identified as a trade.
func (r Request) CheckTrade() error {
	if r.TradeID == "" || r.CheckID != "" {
		return errors.New("read the request: no trade id, or a check id")
	}
	return nil
}

// CheckLineCheck reports a line check that is not identified as a check.
func (r Request) CheckLineCheck() error {
	if r.CheckID == "" || r.TradeID != "" {
		return errors.New("read the request: no check id, or a trade id")
	}
	return nil
}

// Resolves tells whether r only ends a reservation. A line check with an action that is not known is taken to need a line.
func (r Request) Resolves() bool {
	return r.CheckID != "" && (r.Action == "consume" || r.Action == "cancel")
}

// Amounts are the amounts of the dealt currency, one per leg.
func (r Request) Amounts() []string {
	if len(r.Legs) == 0 {
		return []string{r.Amount}
	}
	amounts := make([]string, len(r.Legs))
	for i, leg := range r.Legs {
		amounts[i] = leg.Amount
	}
	return amounts
}
