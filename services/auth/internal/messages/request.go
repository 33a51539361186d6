// Package messages defines the messages that auth reads and publishes.
package messages

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/contract/rights"
)

// Request holds the fields of a trade request or a line check that auth reads, and the whole section as it came.
type Request struct {
	TradeID   string `json:"trade_id"`
	CheckID   string `json:"check_id"`
	Reference string `json:"reference"` // the provider's own: ClOrdID (11), TradeReportID (571), RiskLimitCheckRequestID (2318)
	Action    string `json:"action"`    // of a line check: reserve, consume, cancel, reverse
	Kind      string `json:"kind"`      // of a trade: request, report
	TradeDate string `json:"trade_date"`
	Provider  string `json:"provider"`
	Client    string `json:"client"`
	Account   string `json:"account"`
	Product   string `json:"product"`
	ByDate    bool   `json:"date_decides"` // the value date stands above a product that is spot
	Pair      string `json:"pair"`
	Currency  string `json:"currency"`
	Amount    string `json:"amount"` // of a line check
	Legs      []Leg  `json:"legs"`   // of a trade
	Digest    string `json:"digest"` // of the business content: equal for equal requests

	Section json.RawMessage `json:"-"` // the whole section; auth passes it on unchanged

	// Caller is the section caller, of a request that came by the API; nil otherwise. CallerSection is the whole of it.
	Caller        *access.Caller  `json:"-"`
	CallerSection json.RawMessage `json:"-"`
}

// Leg is one leg of a trade.
type Leg struct {
	Amount string `json:"amount"`
}

// ID returns the id of the trade or line check. It is derived from the provider, its reference and the trade date, so
// two requests with the same reference on the same trade date have the same id.
func (r Request) ID() string { return r.TradeID + r.CheckID }

// ReadRequest decodes the request in e. An error means that e can never be handled.
func ReadRequest(e event.Event) (Request, error) {
	var data struct {
		Request json.RawMessage `json:"request"`
		Caller  json.RawMessage `json:"caller"`
	}
	if err := e.Read(&data); err != nil {
		return Request{}, err
	}
	r := Request{Section: data.Request}
	if err := json.Unmarshal(data.Request, &r); err != nil {
		return Request{}, fmt.Errorf("read the request: %w", err)
	}
	if err := r.checkOrigin(e); err != nil {
		return Request{}, err
	}
	if e.Origin != contract.API || r.Provider != contract.APIProvider {
		return r, nil // only the API says who asks
	}
	r.CallerSection = data.Caller
	if err := json.Unmarshal(data.Caller, &r.Caller); err != nil || r.Caller == nil {
		return Request{}, fmt.Errorf("read the caller of a request by the API: %w", cmp.Or(err, errNoCaller))
	}
	return r, nil
}

// checkOrigin returns an error unless the request is of the provider whose gateway sent it: rights are the provider's, and the answer goes
// to the origin. No program but the API publishes what comes by the API.
func (r Request) checkOrigin(e event.Event) error {
	if e.Origin != strings.ToLower(r.Provider) {
		return fmt.Errorf("read the request: %q is not the origin of provider %q", e.Origin, r.Provider)
	}
	if by := e.Publisher; by != "" && (by == contract.API) != (e.Origin == contract.API) {
		return fmt.Errorf("read the request: %q publishes no request of origin %q", by, e.Origin)
	}
	return nil
}

var errNoCaller = errors.New("there is none")

// Right returns the action for which the caller of r must have the right.
func (r Request) Right() rights.Action {
	switch {
	case r.TradeID != "":
		return rights.EnterTrade
	case r.Action == "what_if":
		return rights.AskWhatIf
	case r.Action == "cancel":
		return rights.CancelLine
	case r.Resolves():
		return rights.ConsumeLine
	default:
		return rights.ReserveLine
	}
}

// CheckTrade returns an error unless r has a trade id and no check id.
func (r Request) CheckTrade() error {
	if r.TradeID == "" || r.CheckID != "" {
		return errors.New("read the request: no trade id, or a check id")
	}
	return nil
}

// CheckLineCheck returns an error unless r has a check id and no trade id.
func (r Request) CheckLineCheck() error {
	if r.CheckID == "" || r.TradeID != "" {
		return errors.New("read the request: no check id, or a trade id")
	}
	return nil
}

// Resolves reports whether r consumes or cancels a reservation, or reverses a consumption. A line check with an unknown action does not: all rules
// apply to it.
func (r Request) Resolves() bool {
	return r.CheckID != "" && slices.Contains([]string{"consume", "cancel", "reverse"}, r.Action)
}

// Reports reports whether r tells of a trade that was done elsewhere.
func (r Request) Reports() bool { return r.TradeID != "" && r.Kind == "report" }

// Amounts returns the amounts in the dealt currency: one per leg of a trade, or the one amount of a line check.
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
