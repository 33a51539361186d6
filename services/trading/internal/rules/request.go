package rules

import (
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/trading/internal/trade"
)

// The kinds of request.
const (
	Asked    = "request" // a trade that the bank is asked to do now
	Reported = "report"  // a trade done elsewhere, told to the bank
)

// Request is what a client asked for, as text: whether it can be read is a rule like any other.
type Request struct {
	Kind         string
	Product      trade.Product
	Pair         string // "EUR/USD"
	Currency     string // dealt: the one that the amounts are in
	TradeDate    string // YYYY-MM-DD
	TransactedAt time.Time
	Legs         []RequestedLeg // near leg first
}

// RequestedLeg is one leg as text.
type RequestedLeg struct {
	Side      trade.Side // of the dealt currency, as the client sees it
	Amount    string
	Rate      string
	Tenor     string // market name; empty where ValueDate says it
	ValueDate string // YYYY-MM-DD; empty where Tenor says it
}

// Accepted is what a request means once every rule has been kept.
type Accepted struct {
	TradeDate     fxdate.Date
	SpotDate      fxdate.Date
	Pair          string // in conventional order
	Legs          []trade.Leg
	SpotRate      decimal.Decimal // within the near leg's price
	ReferenceRate decimal.Decimal // of the near leg
	ReferenceAsOf time.Time
	USDAmount     decimal.Decimal // of the near leg, at the mids
}
