package messages

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/reason"
	"fxcore/services/linecheck/internal/line"
)

// Reserved is the section of trade.reserved: until when the trade may be registered, and what that was based on.
type Reserved struct {
	ReservationID string          `json:"reservation_id"` // the trade's id
	ExpiresAt     time.Time       `json:"expires_at"`
	Currency      string          `json:"currency"` // of all amounts here
	Exposure      decimal.Decimal `json:"exposure"`
	Nodes         json.RawMessage `json:"nodes"` // []Node
	Basis         json.RawMessage `json:"basis"` // Basis
}

// Taken is Reserved as this service reads it back, of a registered trade that it has no reservation of.
type Taken struct {
	ExpiresAt time.Time       `json:"expires_at"`
	Exposure  decimal.Decimal `json:"exposure"`
	Nodes     json.RawMessage `json:"nodes"`
	Basis     json.RawMessage `json:"basis"`
}

// Result is the section of linecheck.completed.
type Result struct {
	CheckID        string           `json:"check_id"`
	Decision       Decision         `json:"decision"`
	ApprovedAmount *decimal.Decimal `json:"approved_amount,omitempty"` // of a reservation: all that was asked for
	Currency       string           `json:"currency,omitempty"`        // of the approved amount
	ReservationID  string           `json:"reservation_id"`
	ExpiresAt      time.Time        `json:"expires_at"`
	Exposure       decimal.Decimal  `json:"exposure"` // in the limit currency
	Nodes          json.RawMessage  `json:"nodes,omitempty"`
	Basis          json.RawMessage  `json:"basis,omitempty"`
}

// Decision is how a line check ended well.
type Decision string

// The decisions.
const (
	Approved  Decision = "approved"
	Consumed  Decision = "consumed"
	Cancelled Decision = "cancelled"
)

// Rejected is the section of trade.rejected and linecheck.rejected.
type Rejected struct {
	Code  reason.Code     `json:"code"`
	Text  string          `json:"text"`            // for a person: what, the bound, what to do
	By    string          `json:"by"`              // linecheck
	Nodes json.RawMessage `json:"nodes,omitempty"` // []Node, the one that binds first
}

// By is how rejections name this service.
const By = "linecheck"

// Node is how one line stands: used before, used after. In a rejection after is what it would have been.
type Node struct {
	Node       string           `json:"node"`
	Limit      *decimal.Decimal `json:"limit,omitempty"`      // all that the line bears, collateral included
	Collateral *decimal.Decimal `json:"collateral,omitempty"` // the part of it that the client's collateral gives
	Before     decimal.Decimal  `json:"before"`
	After      decimal.Decimal  `json:"after"`
	Headroom   *decimal.Decimal `json:"headroom,omitempty"` // limit less before
}

// Basis is what a decision was computed from, and how old that was. From it anyone can compute the exposure again:
// exposure = ⌈max(0, mark_to_market) + base_amount · conversion_rate · add_on⌉ to the cent.
type Basis struct {
	BaseCurrency string          `json:"base_currency"`
	BaseAmount   decimal.Decimal `json:"base_amount"` // once for a swap
	Conversion   decimal.Decimal `json:"conversion_rate"`
	AddOn        decimal.Decimal `json:"add_on"`
	TenorDays    int             `json:"tenor_days"`
	MarkToMarket decimal.Decimal `json:"mark_to_market"`
	Settlements  []Settlement    `json:"settlements"`
	RatesAsOf    time.Time       `json:"rates_as_of"`
	RatesAge     int64           `json:"rates_age_seconds"` // at the decision
	HoldingsAsOf time.Time       `json:"holdings_as_of"`
	HoldingsAge  int64           `json:"holdings_age_seconds"`
	LinesAsOf    time.Time       `json:"lines_as_of"`
	LinesAge     int64           `json:"lines_age_seconds"`
}

// Settlement is what the bank receives on one day, in the limit currency.
type Settlement struct {
	ValueDate string          `json:"value_date"`
	Amount    decimal.Decimal `json:"amount"`
}

// Settlements is the domain's list of them as messages show it.
func Settlements(list []line.Settlement) []Settlement {
	shown := make([]Settlement, len(list))
	for i, s := range list {
		shown[i] = Settlement{ValueDate: s.ValueDate.Format(time.DateOnly), Amount: s.Amount}
	}
	return shown
}

// Settlements is what the basis says that the bank receives. A message that says nothing of it is complete as well.
func (t Taken) Settlements() ([]line.Settlement, error) {
	var basis Basis
	if len(t.Basis) > 0 {
		if err := json.Unmarshal(t.Basis, &basis); err != nil {
			return nil, fmt.Errorf("basis: %w", err)
		}
	}
	list := make([]line.Settlement, len(basis.Settlements))
	for i, s := range basis.Settlements {
		day, err := date(s.ValueDate)
		if err != nil {
			return nil, fmt.Errorf("settlement: %w", err)
		}
		list[i] = line.Settlement{ValueDate: day, Amount: s.Amount}
	}
	return list, nil
}
