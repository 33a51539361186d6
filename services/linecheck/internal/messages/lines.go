package messages

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/services/contract/access"
	"fxcore/services/linecheck/internal/line"
)

// MostLines bounds the lines of one answer.
const MostLines = 500

// Lines holds the fields of lines.requested: which lines, and who asks.
type Lines struct {
	Question LinesQuestion `json:"question"`
	Caller   access.Caller `json:"caller"`
}

// LinesQuestion says which lines are asked for. Empty fields leave out nothing.
type LinesQuestion struct {
	Node    string              `json:"node"`     // this one alone
	Ladder  bool                `json:"ladder"`   // of Node: what is due on each value date
	Client  string              `json:"client"`   // the lines that a deal of the client uses
	Desk    string              `json:"desk"`     // the lines that deals of the desk use
	MinUsed decimal.NullDecimal `json:"min_used"` // lines of which so much is used: 0.9 is nine tenths
	After   string              `json:"after"`    // lines after this node in the order of their names
	Limit   int                 `json:"limit"`
}

// ReadLines decodes the question in e. An error means that e can never be answered.
func ReadLines(e event.Event) (Lines, error) {
	var l Lines
	if err := e.Read(&l); err != nil {
		return l, err
	}
	if l.Question.Limit < 1 || l.Question.Limit > MostLines {
		return l, fmt.Errorf("%d lines are asked for, not 1 to %d", l.Question.Limit, MostLines)
	}
	return l, nil
}

// LinesAnswer is the section answer of lines.delivered.
type LinesAnswer struct {
	Refused   *Refusal   `json:"refused,omitempty"` // without static data no line is known
	AsOf      time.Time  `json:"as_of"`             // when the lines were read
	LinesAsOf *time.Time `json:"lines_as_of,omitempty"`
	RatesAsOf *time.Time `json:"rates_as_of,omitempty"` // by which limits of other currencies are converted
	Currency  string     `json:"currency"`              // of all amounts but stated ones
	Lines     []Line     `json:"lines"`                 // by node, those that the caller may see
	Next      string     `json:"next,omitempty"`        // the node after which the next lines come
}

// Line is what one line allows and carries.
type Line struct {
	Node       string           `json:"node"`
	Parents    []string         `json:"parents"`              // of a client: its group and its desk
	Limit      *decimal.Decimal `json:"limit,omitempty"`      // without collateral; absent: the node has no line, so nobody can deal
	Stated     *Stated          `json:"stated,omitempty"`     // the limit as the bank has set it, if in another currency
	Collateral *decimal.Decimal `json:"collateral,omitempty"` // of a client
	Reserved   decimal.Decimal  `json:"reserved"`
	Consumed   decimal.Decimal  `json:"consumed"`
	Covered    *decimal.Decimal `json:"covered,omitempty"`  // of a group: what its clients' own collateral covers
	Used       decimal.Decimal  `json:"used"`               // reserved and consumed, less covered
	Headroom   *decimal.Decimal `json:"headroom,omitempty"` // limit and collateral, less used
	Clip       *decimal.Decimal `json:"clip,omitempty"`
	MaxTenor   string           `json:"max_tenor,omitempty"`

	SettlementLimit *decimal.Decimal `json:"settlement_limit,omitempty"` // of one value date
	SettlementPeak  *Settlement      `json:"settlement_peak,omitempty"`  // the value date on which most is due
	Ladder          []Settlement     `json:"ladder,omitempty"`           // what is due on each value date, if it was asked for
}

// Stated is a limit in its own currency.
type Stated struct {
	Limit    decimal.Decimal `json:"limit"`
	Currency string          `json:"currency"`
}

// StatedOf returns the limit as the bank has set it, nil if it is in the limit currency.
func StatedOf(s line.Stated) *Stated {
	if s.Currency == "" {
		return nil
	}
	return &Stated{s.Amount, s.Currency}
}
