package messages

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/services/contract/access"
	"fxcore/services/contract/reason"
)

// MostSupposed bounds the trades of one what-if.
const MostSupposed = 50

// WhatIf holds the fields of whatif.requested: trades that somebody thinks of, and who asks.
type WhatIf struct {
	Question struct {
		Trades []Supposed `json:"trades"`
	} `json:"question"`
	Caller access.Caller `json:"caller"`
}

// Supposed is a trade that somebody thinks of.
type Supposed struct {
	Client   string        `json:"client"`
	Product  string        `json:"product"`
	Pair     string        `json:"pair"`
	Currency string        `json:"currency"` // of the amounts: one of the pair's
	Legs     []SupposedLeg `json:"legs"`     // near leg first
}

// SupposedLeg is one leg of it.
type SupposedLeg struct {
	Side      string `json:"side"` // of the currency, seen from the client
	Amount    string `json:"amount"`
	Rate      string `json:"rate"` // empty: the market's
	Tenor     string `json:"tenor"`
	ValueDate string `json:"value_date"` // takes precedence over the tenor
}

// ReadWhatIf decodes the question in e. An error means that e can never be answered.
func ReadWhatIf(e event.Event) (WhatIf, error) {
	var w WhatIf
	if err := e.Read(&w); err != nil {
		return w, err
	}
	trades := w.Question.Trades
	if len(trades) == 0 || len(trades) > MostSupposed {
		return w, fmt.Errorf("a what-if of %d trades, not of 1 to %d", len(trades), MostSupposed)
	}
	for i, t := range trades {
		if len(t.Legs) == 0 || len(t.Legs) > 2 {
			return w, fmt.Errorf("trade %d of a what-if has %d legs", i, len(t.Legs))
		}
	}
	return w, nil
}

// WhatIfAnswer is the section answer of whatif.answered.
type WhatIfAnswer struct {
	AsOf     time.Time  `json:"as_of"`    // when the lines were read
	Currency string     `json:"currency"` // of all amounts
	Trades   []Outcome  `json:"trades"`   // each as if it were the only one; in the order of the question
	Together InSequence `json:"together"` // as if the core got them one after the other, in the order of the question
}

// Outcome is what the core would answer to a trade.
type Outcome struct {
	Refused    *Refusal        `json:"refused,omitempty"` // absent: the trade would be reserved
	Pair       string          `json:"pair,omitempty"`    // in its conventional order
	TradeDate  string          `json:"trade_date,omitempty"`
	SpotDate   string          `json:"spot_date,omitempty"`
	ValueDates []string        `json:"value_dates,omitempty"` // by leg
	Exposure   decimal.Decimal `json:"exposure"`              // pre-settlement
	Nodes      json.RawMessage `json:"nodes,omitempty"`       // []Node; if a line refuses, its node is the first
	Basis      *Basis          `json:"basis,omitempty"`       // with what settles; absent if the exposure is not known
}

// Refusal is why the core would refuse a trade.
type Refusal struct {
	Code reason.Code `json:"code"`
	Text string      `json:"text"`
}

// InSequence is what trades would use if the core got one after the other. A trade that would be refused uses nothing.
type InSequence struct {
	Exposure    decimal.Decimal   `json:"exposure"`    // of the trades that would not be refused, without netting
	Settlements []Settlement      `json:"settlements"` // of them, by value date
	Nodes       []Node            `json:"nodes"`       // before the first trade and after the last
	Refused     []RefusedSupposed `json:"refused"`
}

// RefusedSupposed is a trade that would be refused after the ones before it.
type RefusedSupposed struct {
	Trade int `json:"trade"` // place in the question, from 0
	Refusal
}
