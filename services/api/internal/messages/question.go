package messages

import (
	"crypto/rand"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

// WhatIfRequested is the data of whatif.requested.
type WhatIfRequested struct {
	Question WhatIf        `json:"question"`
	Caller   access.Caller `json:"caller"` // linecheck answers about clients that the caller's right reaches
}

// WhatIf are trades that somebody thinks of.
type WhatIf struct {
	Trades []Supposed `json:"trades"`
}

// Supposed is one of them.
type Supposed struct {
	Client   string        `json:"client"`
	Product  string        `json:"product"`
	Pair     string        `json:"pair"`
	Currency string        `json:"currency"`
	Legs     []SupposedLeg `json:"legs"`
}

// SupposedLeg is one leg of it. Its side is that of the currency.
type SupposedLeg struct {
	Side      string `json:"side"`
	Amount    string `json:"amount"`
	Rate      string `json:"rate,omitempty"`
	Tenor     string `json:"tenor,omitempty"`
	ValueDate string `json:"value_date,omitempty"`
}

// LinesRequested is the data of lines.requested.
type LinesRequested struct {
	Question LinesQuestion `json:"question"`
	Caller   access.Caller `json:"caller"`
}

// LinesQuestion says which lines are asked for. Empty fields leave out nothing.
type LinesQuestion struct {
	Node    string `json:"node,omitempty"`
	Ladder  bool   `json:"ladder,omitempty"`
	Client  string `json:"client,omitempty"`
	Desk    string `json:"desk,omitempty"`
	MinUsed string `json:"min_used,omitempty"`
	After   string `json:"after,omitempty"`
	Limit   int    `json:"limit"`
}

// ActionsRequested is the data of actions.requested.
type ActionsRequested struct {
	Question TradeVersion `json:"question"`
}

// TradeVersion names a version of a trade.
type TradeVersion struct {
	TradeID string `json:"trade_id" format:"uuid"`
	Version int    `json:"version"`
}

// PossibleActions is the section answer of actions.listed.
type PossibleActions struct {
	TradeVersion
	AsOf    time.Time        `json:"as_of" doc:"When trading looked"`
	State   string           `json:"state" doc:"Of the table in docs/trade-actions.md; empty if trading does not know the version yet"`
	Actions []PossibleAction `json:"actions"`
}

// PossibleAction is what one action would do now.
type PossibleAction struct {
	Action     string `json:"action" enum:"delete"`
	TwoPersons bool   `json:"two_persons" doc:"Another person approves it"`
	Code       string `json:"code,omitempty" doc:"Why it would be refused; absent: you may propose it"`
	Text       string `json:"text,omitempty"`

	Ends            []TradeVersion `json:"ends,omitempty" doc:"Versions that end"`
	Begins          []TradeVersion `json:"begins,omitempty" doc:"Versions that begin"`
	OppositeBooking bool           `json:"opposite_booking,omitempty" doc:"The mainframe books the opposite of what it has booked"`
}

// Question returns the event of a question under an id that was drawn: nobody repeats a question.
func Question(typ event.Type, nonce string, data any, now time.Time, patience time.Duration) (event.Event, error) {
	id := event.NewID(event.DayOf(now), typ.Name, nonce)
	e, err := event.New(typ, id, contract.API, id, data)
	e.Time, e.Deadline = now, now.Add(patience)
	return e, err
}

// Nonce draws what makes the id of a question.
func Nonce() string { return rand.Text() }

// WhatIfAnswer is the section answer of whatif.answered.
type WhatIfAnswer struct {
	AsOf     time.Time  `json:"as_of" doc:"When the lines were read"`
	Currency string     `json:"currency" doc:"Of all amounts"`
	Trades   []Outcome  `json:"trades" doc:"Each as if it were the only one, in the order of the request"`
	Together InSequence `json:"together" doc:"As if the core got them one after the other, in the order of the request"`
}

// Outcome is what the core would answer to a trade.
type Outcome struct {
	Refused    *RefusedFor    `json:"refused,omitempty" doc:"Absent: the lines have room for the trade"`
	Pair       string         `json:"pair,omitempty"`
	TradeDate  string         `json:"trade_date,omitempty"`
	SpotDate   string         `json:"spot_date,omitempty"`
	ValueDates []string       `json:"value_dates,omitempty" doc:"By leg"`
	Exposure   string         `json:"exposure" doc:"Pre-settlement"`
	Nodes      []LineNode     `json:"nodes,omitempty" doc:"If a line refuses, its node is the first"`
	Basis      *ExposureBasis `json:"basis,omitempty" doc:"The figures of the exposure, and what settles; absent if it is not known"`
}

// RefusedFor is why the core would refuse.
type RefusedFor struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// InSequence is what the trades would use together.
type InSequence struct {
	Exposure    string            `json:"exposure" doc:"Of the trades that would not be refused, without netting"`
	Settlements []DueOn           `json:"settlements" doc:"Of them, by value date"`
	Nodes       []LineNode        `json:"nodes" doc:"Before the first trade and after the last"`
	Refused     []RefusedSupposed `json:"refused" doc:"Trades that would be refused after the ones before them; they use nothing"`
}

// RefusedSupposed is a trade that would be refused.
type RefusedSupposed struct {
	Trade int    `json:"trade" doc:"Place in the request, from 0"`
	Code  string `json:"code"`
	Text  string `json:"text"`
}

// LineNode is a line before and after.
type LineNode struct {
	Node       string `json:"node" example:"client/C000900"`
	Limit      string `json:"limit,omitempty" doc:"Limit and collateral"`
	Collateral string `json:"collateral,omitempty"`
	Before     string `json:"before"`
	After      string `json:"after"`
	Headroom   string `json:"headroom,omitempty" doc:"Before"`
}

// DueOn is what the bank receives on one value date.
type DueOn struct {
	ValueDate string `json:"value_date"`
	Amount    string `json:"amount"`
}

// ExposureBasis are the figures of an exposure.
type ExposureBasis struct {
	BaseCurrency string    `json:"base_currency"`
	BaseAmount   string    `json:"base_amount"`
	Conversion   string    `json:"conversion_rate"`
	AddOn        string    `json:"add_on"`
	TenorDays    int       `json:"tenor_days"`
	MarkToMarket string    `json:"mark_to_market"`
	Settlements  []DueOn   `json:"settlements" doc:"Settlement exposure: what the bank receives on each value date"`
	RatesAsOf    time.Time `json:"rates_as_of"`
	HoldingsAsOf time.Time `json:"holdings_as_of"`
	LinesAsOf    time.Time `json:"lines_as_of"`
}

// LinesAnswer is the section answer of lines.delivered.
type LinesAnswer struct {
	Refused   *RefusedFor `json:"refused,omitempty"`
	AsOf      time.Time   `json:"as_of"`
	LinesAsOf *time.Time  `json:"lines_as_of,omitempty"`
	RatesAsOf *time.Time  `json:"rates_as_of,omitempty"`
	Currency  string      `json:"currency"`
	Lines     []Line      `json:"lines"`
	Next      string      `json:"next,omitempty"`
}

// Line is what one line allows and carries.
type Line struct {
	Node       string   `json:"node" example:"client/C000900"`
	Parents    []string `json:"parents" doc:"Of a client: its group and its desk"`
	Limit      string   `json:"limit,omitempty" doc:"Without collateral; absent: the node has no line, so nobody can deal"`
	Stated     *Stated  `json:"stated,omitempty" doc:"The limit as the bank has set it, if in another currency"`
	Collateral string   `json:"collateral,omitempty" doc:"Of a client"`
	Reserved   string   `json:"reserved"`
	Consumed   string   `json:"consumed"`
	Covered    string   `json:"covered,omitempty" doc:"Of a group: what its clients' own collateral covers"`
	Used       string   `json:"used" doc:"Reserved and consumed, less covered"`
	Headroom   string   `json:"headroom,omitempty" doc:"Limit and collateral, less used"`
	Clip       string   `json:"clip,omitempty" doc:"Largest single deal"`
	MaxTenor   string   `json:"max_tenor,omitempty"`

	SettlementLimit string  `json:"settlement_limit,omitempty" doc:"Of one value date"`
	SettlementPeak  *DueOn  `json:"settlement_peak,omitempty" doc:"The value date on which most is due"`
	Ladder          []DueOn `json:"ladder,omitempty"`
}

// Stated is a limit in its own currency.
type Stated struct {
	Limit    string `json:"limit"`
	Currency string `json:"currency"`
}

// ReadAnswer decodes the section answer of e.
func ReadAnswer[A any](e event.Event) (A, error) {
	data, err := read[struct {
		Answer A `json:"answer"`
	}](e)
	return data.Answer, err
}
