package messages

import (
	"time"

	"github.com/shopspring/decimal"
)

// Validated is the section that trade.validated adds: dates, legs and rates as the rules accepted them.
type Validated struct {
	TradeDate     string          `json:"trade_date"`
	Pair          string          `json:"pair"` // in its conventional order
	SpotDate      string          `json:"spot_date"`
	Legs          []Leg           `json:"legs"`      // near leg first
	SpotRate      decimal.Decimal `json:"spot_rate"` // the spot part of the near leg's rate
	ReferenceRate decimal.Decimal `json:"reference_rate"`
	ReferenceAsOf time.Time       `json:"reference_as_of"`
	USDAmount     decimal.Decimal `json:"usd_amount"` // of the near leg
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
}

// Registered is the section that trade.registered adds.
type Registered struct {
	TradeID      string    `json:"trade_id"`
	Version      int       `json:"version"`
	RegisteredAt time.Time `json:"registered_at"`
}
