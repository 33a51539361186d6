package messages

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/reason"
	"fxcore/services/linecheck/internal/line"
)

// Reserved is the section that trade.reserved adds: the time until which the trade may be registered, and the basis of
// the decision.
type Reserved struct {
	ReservationID string          `json:"reservation_id"` // the trade's id
	ExpiresAt     time.Time       `json:"expires_at"`
	Currency      string          `json:"currency"` // of all amounts in this section
	Exposure      decimal.Decimal `json:"exposure"`
	Nodes         json.RawMessage `json:"nodes"` // []Node
	Basis         json.RawMessage `json:"basis"` // Basis
}

// Taken holds the fields of Reserved that linecheck reads back from trade.registered if the trade has no reservation.
type Taken struct {
	ExpiresAt time.Time       `json:"expires_at"`
	Exposure  decimal.Decimal `json:"exposure"`
	Nodes     json.RawMessage `json:"nodes"`
	Basis     json.RawMessage `json:"basis"`
}

// Result is the section that linecheck.completed adds.
type Result struct {
	CheckID        string           `json:"check_id"`
	Decision       Decision         `json:"decision"`
	ApprovedAmount *decimal.Decimal `json:"approved_amount,omitempty"` // set for an approval: always the whole amount that was asked for
	Amount         *decimal.Decimal `json:"amount,omitempty"`          // consumed, cancelled or reversed
	Open           *decimal.Decimal `json:"open_amount,omitempty"`     // what is reserved afterwards
	Taken          *decimal.Decimal `json:"consumed_amount,omitempty"` // what is consumed afterwards
	Currency       string           `json:"currency,omitempty"`        // of the amounts
	ReservationID  string           `json:"reservation_id"`
	ExpiresAt      time.Time        `json:"expires_at"`
	Exposure       decimal.Decimal  `json:"exposure"` // in the limit currency
	Nodes          json.RawMessage  `json:"nodes,omitempty"`
	Basis          json.RawMessage  `json:"basis,omitempty"`
}

// Decision is the result of a line check that was not rejected.
type Decision string

// The decisions.
const (
	Approved  Decision = "approved"
	Consumed  Decision = "consumed"
	Cancelled Decision = "cancelled"
	Reversed  Decision = "reversed"
)

// Rejected is the section that trade.rejected and linecheck.rejected add.
type Rejected struct {
	Code  reason.Code     `json:"code"`
	Text  string          `json:"text"`            // for a person: what was asked, the bound, what to do
	By    string          `json:"by"`              // linecheck
	Nodes json.RawMessage `json:"nodes,omitempty"` // []Node, the binding node first
}

// By is the name of this service in rejections.
const By = "linecheck"

// Node shows one line with its usage before and after. In a rejection, After is the usage that the deal would have
// caused.
type Node struct {
	Node       string           `json:"node"`
	Limit      *decimal.Decimal `json:"limit,omitempty"`      // limit plus collateral
	Collateral *decimal.Decimal `json:"collateral,omitempty"` // the collateral in Limit
	Before     decimal.Decimal  `json:"before"`
	After      decimal.Decimal  `json:"after"`
	Headroom   *decimal.Decimal `json:"headroom,omitempty"` // Limit less Before
}

// Basis holds the figures of a decision and the age of its data, so that anyone can compute the exposure again:
// exposure = ⌈max(0, mark_to_market) + base_amount · conversion_rate · add_on⌉ to the cent.
type Basis struct {
	BaseCurrency string          `json:"base_currency"`
	BaseAmount   decimal.Decimal `json:"base_amount"` // the larger leg of a swap
	Conversion   decimal.Decimal `json:"conversion_rate"`
	AddOn        decimal.Decimal `json:"add_on"`
	TenorDays    int             `json:"tenor_days"`
	MarkToMarket decimal.Decimal `json:"mark_to_market"`
	Settlements  []Settlement    `json:"settlements"`
	RatesAsOf    time.Time       `json:"rates_as_of"`
	RatesAge     int64           `json:"rates_age_seconds"` // at the time of the decision
	HoldingsAsOf time.Time       `json:"holdings_as_of"`
	HoldingsAge  int64           `json:"holdings_age_seconds"`
	LinesAsOf    time.Time       `json:"lines_as_of"`
	LinesAge     int64           `json:"lines_age_seconds"`
	LineCheck    *TakenOver      `json:"line_check,omitempty"` // set for a trade that took over a line check's reservation
}

// TakenOver names the line check whose reservation a trade took over, and the share of the reserved exposure that belongs to
// the amount. That share is the exposure of a requested trade, whatever the other figures lead to. A reported trade has its own
// exposure if that is more.
type TakenOver struct {
	CheckID  string          `json:"check_id"`
	Amount   decimal.Decimal `json:"amount"`
	Currency string          `json:"currency"` // of the amount
	Exposure decimal.Decimal `json:"exposure"`
	Flag     *Flag           `json:"flag,omitempty"`
}

// Flag is a note for a person about a reported trade. It refuses nothing, because the trade is a fact.
type Flag struct {
	Flag string `json:"flag"` // OverLine or NotMeasured
	Text string `json:"text"`
}

// The flags.
const (
	OverLine    = "over_line"    // the trade needs more than its line check has reserved, and a line does not bear that
	NotMeasured = "not_measured" // a figure is missing, so nobody knows whether the trade needs more
)

// Settlement is an amount that the bank receives on one value date, in the limit currency.
type Settlement struct {
	ValueDate string          `json:"value_date"`
	Amount    decimal.Decimal `json:"amount"`
}

// Settlements converts settlements of package line to their form in messages.
func Settlements(list []line.Settlement) []Settlement {
	shown := make([]Settlement, len(list))
	for i, s := range list {
		shown[i] = Settlement{ValueDate: s.ValueDate.Format(time.DateOnly), Amount: s.Amount}
	}
	return shown
}

// figures returns the basis. It is empty if the message has none.
func (t Taken) figures() (basis Basis, err error) {
	if len(t.Basis) == 0 {
		return basis, nil
	}
	if err := json.Unmarshal(t.Basis, &basis); err != nil {
		return Basis{}, fmt.Errorf("basis: %w", err)
	}
	return basis, nil
}

// LineCheck returns the line check whose reservation the trade took over; nil if there is none.
func (t Taken) LineCheck() (*TakenOver, error) {
	basis, err := t.figures()
	return basis.LineCheck, err
}

// Settlements returns the settlements in the basis. The list is empty if the message has none.
func (t Taken) Settlements() ([]line.Settlement, error) {
	basis, err := t.figures()
	if err != nil {
		return nil, err
	}
	list := make([]line.Settlement, len(basis.Settlements))
	for i, s := range basis.Settlements {
		day, err := time.Parse(time.DateOnly, s.ValueDate)
		if err != nil {
			return nil, fmt.Errorf("settlement: %w", err)
		}
		list[i] = line.Settlement{ValueDate: day, Amount: s.Amount}
	}
	return list, nil
}
