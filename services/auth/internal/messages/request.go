package messages

import (
	"encoding/json"
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

	Answers Answers         `json:"-"` // the types that answer it
	Section json.RawMessage `json:"-"` // passed on untouched
}

// Leg is one exchange of a trade.
type Leg struct {
	Amount string `json:"amount"`
}

// ID is the trade's or the check's. It is derived from the provider, its reference and the trade date, so that two
// requests of one reference share it.
func (r Request) ID() string { return r.TradeID + r.CheckID }

// Read decodes the request in e. An error means that e can never be handled.
func Read(e event.Event) (Request, error) {
	var data struct {
		Request json.RawMessage `json:"request"`
	}
	if err := e.Read(&data); err != nil {
		return Request{}, err
	}
	r := Request{Section: data.Request}
	if err := json.Unmarshal(data.Request, &r); err != nil {
		return Request{}, fmt.Errorf("read request of %s %s: %w", e.Type, e.ID, err)
	}
	return r.of(e)
}

// of completes r with the answers that e's type calls for.
func (r Request) of(e event.Event) (Request, error) {
	switch {
	case e.Type == TradeRequested && r.TradeID != "" && r.CheckID == "":
		r.Answers = TradeAnswers
	case e.Type == LineCheckRequested && r.CheckID != "" && r.TradeID == "":
		r.Answers = LineCheckAnswers
	default:
		return Request{}, fmt.Errorf("read request of %s %s: not a request that auth knows, or without its id", e.Type, e.ID)
	}
	return r, nil
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
