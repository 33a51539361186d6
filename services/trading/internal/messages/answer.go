package messages

import (
	"time"

	"github.com/shopspring/decimal"
)

// Validated is the section that trade.validated adds: dates, legs and rates as the rules accepted them.
type Validated struct {
	TradeDate     string          `json:"trade_date"`
	Pair          string          `json:"pair"`    // in its conventional order
	Product       string          `json:"product"` // spot, forward or swap, by the value dates
	SpotDate      string          `json:"spot_date"`
	Legs          []Leg           `json:"legs"`           // near leg first
	SpotRate      decimal.Decimal `json:"spot_rate"`      // the spot part of the near leg's rate; 0 if nobody knows it
	ReferenceRate decimal.Decimal `json:"reference_rate"` // 0 if the trade could not be judged
	ReferenceAsOf time.Time       `json:"reference_as_of"`
	USDAmount     decimal.Decimal `json:"usd_amount"`          // of the near leg
	Flags         []Flag          `json:"flags,omitempty"`     // what a person may want to look at
	QuoteUse      string          `json:"quote_use,omitempty"` // of a deal on a quote: under which id its amount is counted
}

// Flag is a note about a trade that is allowed.
type Flag struct {
	Flag      string `json:"flag"`                // off_market, not_judged, closed_date …; see package trade
	Leg       int    `json:"leg"`                 // 1 near, 2 far; 0 the whole trade
	Deviation string `json:"deviation,omitempty"` // of off_market: a fraction of the reference rate
	Text      string `json:"text"`
}

// Leg is one exchange of two positive amounts, seen from the client.
type Leg struct {
	ValueDate   string          `json:"value_date"`
	Base        string          `json:"base"`
	BaseSide    string          `json:"base_side"`
	BaseAmount  decimal.Decimal `json:"base_amount"`
	Quote       string          `json:"quote"`
	QuoteAmount decimal.Decimal `json:"quote_amount"`
	Rate        decimal.Decimal `json:"rate"`

	ForwardPoints *decimal.Decimal `json:"forward_points,omitempty"` // rate less spot rate, as a report states them
}

// Registered is the section that trade.registered adds.
type Registered struct {
	TradeID      string    `json:"trade_id"`
	Version      int       `json:"version"`
	RegisteredAt time.Time `json:"registered_at"`
	Flags        []Flag    `json:"flags,omitempty"` // of auth, trading and linecheck: what a person may want to look at
}
