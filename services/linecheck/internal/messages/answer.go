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
	Fact  string          `json:"-"`               // Text without what to do, for whom nothing is to do; empty if Text has no advice
	By    string          `json:"by"`              // linecheck
	Node  string          `json:"node,omitempty"`  // the binding node, if a line refuses: who may not see its line may not see the text
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
	BaseAmount   decimal.Decimal `json:"base_amount"` // of a swap that of the leg that counts, like AddOn and TenorDays
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
	Exchange     *Exchange       `json:"exchange,omitempty"`   // set for a deal of a client with a netting agreement
	Swap         *Swap           `json:"swap,omitempty"`       // set for a swap of such a client
	Flags        []Flag          `json:"flags,omitempty"`      // of a reported trade
}

// Exchange is what a netted deal exchanges on its last value date: base amount, quote amount, and the latter in the limit currency.
type Exchange struct {
	Base  decimal.Decimal `json:"base"`
	Quote decimal.Decimal `json:"quote"`
	Value decimal.Decimal `json:"value"`
}

// Swap is what the legs of a netted swap would use as outrights. What its far leg exchanges is the deal's Exchange.
type Swap struct {
	NearExposure decimal.Decimal `json:"near_exposure"`
	Near         Exchange        `json:"near_exchange"`
	FarExposure  decimal.Decimal `json:"far_exposure"`
}

// TakenOver names the line check whose reservation a trade took over, and the share of the reserved exposure that belongs to
// the amount. That share is the exposure of a requested trade, whatever the other figures lead to. A reported trade has its own
// exposure if that is more.
type TakenOver struct {
	CheckID  string          `json:"check_id"`
	Amount   decimal.Decimal `json:"amount"`
	Currency string          `json:"currency"` // of the amount
	Exposure decimal.Decimal `json:"exposure"`
	Consumed decimal.Decimal `json:"consumed"` // of the amount: what the check had consumed; the rest was open
}

// Flag is a note for a person about a reported trade. It refuses nothing, because the trade is a fact.
type Flag struct {
	Flag string `json:"flag"`
	Text string `json:"text"`
}

// The flags. The last three are about the line check that the report names.
const (
	OverLine     = "over_line"      // a line does not bear the trade, or what it needs more than its line check has reserved
	NotMeasured  = "not_measured"   // a figure is missing or too old, so nobody knows what the trade needs, or whether its lines bear it
	BeyondAddOns = "beyond_add_ons" // the trade is longer than any add-on: the last one is carried on
	CheckNotUsed = "check_not_used" // nothing is left of it, or it is of another provider, client or line: nothing is taken of it
	CheckDiffers = "check_differs"  // it was for other terms: the trade counts by itself, and its part of the check is used
	CheckShort   = "check_short"    // less is left of it than the trade needs: the rest counts without it
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

// Figures returns the basis of the decision. It is empty if the message has none.
func (t Taken) Figures() (basis Basis, err error) {
	if len(t.Basis) == 0 {
		return basis, nil
	}
	if err := json.Unmarshal(t.Basis, &basis); err != nil {
		return Basis{}, fmt.Errorf("basis: %w", err)
	}
	return basis, nil
}

// From returns what the trade took over of a line check; it is empty if the trade took over none.
func (b Basis) From() line.Source {
	if b.LineCheck == nil {
		return line.Source{}
	}
	return line.Source{ID: b.LineCheck.CheckID, Part: b.LineCheck.Amount, Taken: b.LineCheck.Consumed}
}

// Due returns the settlements.
func (b Basis) Due() ([]line.Settlement, error) {
	list := make([]line.Settlement, len(b.Settlements))
	for i, s := range b.Settlements {
		day, err := time.Parse(time.DateOnly, s.ValueDate)
		if err != nil {
			return nil, fmt.Errorf("settlement: %w", err)
		}
		list[i] = line.Settlement{ValueDate: day, Amount: s.Amount}
	}
	return list, nil
}
