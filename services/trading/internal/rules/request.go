package rules

import (
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/trading/internal/trade"
)

// The kinds of request.
const (
	Asked    = "request" // a request that the bank does the trade now
	Reported = "report"  // a report of a trade that was done elsewhere
)

// Request is a client's request as text. The rules check whether the text can be parsed.
type Request struct {
	Kind         string
	Product      trade.Product
	Pair         string // "EUR/USD"
	Currency     string // the dealt currency: that of the amounts
	TradeDate    string // YYYY-MM-DD
	TransactedAt time.Time
	Legs         []RequestedLeg // near leg first
}

// RequestedLeg is one leg as text.
type RequestedLeg struct {
	Side      trade.Side // side of the dealt currency, seen from the client
	Amount    string
	Rate      string
	Tenor     string // market name; may be empty
	ValueDate string // YYYY-MM-DD; may be empty
}

// Accepted is the result of a request that follows every rule: its dates, legs and rates.
type Accepted struct {
	TradeDate     fxdate.Date
	SpotDate      fxdate.Date
	Pair          string // in its conventional order
	Legs          []trade.Leg
	SpotRate      decimal.Decimal // the spot part of the near leg's rate
	ReferenceRate decimal.Decimal // of the near leg
	ReferenceAsOf time.Time
	USDAmount     decimal.Decimal // of the near leg, at the mid rates
}
