package rules

import (
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
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
	Provider     string
	Client       string
	Product      trade.Product // as named; the value date decides between spot and forward
	DateDecides  bool          // whether a date that is not spot makes a forward of what is named spot; else it contradicts it
	Pair         string        // "EUR/USD"
	Currency     string        // the dealt currency: that of the amounts
	TradeDate    string        // YYYY-MM-DD, by which the request's id was made
	TransactedAt time.Time
	QuoteID      string          // of a request; may be empty
	QuoteDealt   decimal.Decimal // what other deals have dealt on the quote
	Legs         []RequestedLeg  // near leg first
	Reported     Facts           // of a report
}

// RequestedLeg is one leg as text.
type RequestedLeg struct {
	Side          trade.Side // side of the dealt currency, seen from the client
	Amount        string
	Rate          string
	Tenor         string // market name; may be empty
	ValueDate     string // YYYY-MM-DD; may be empty
	OtherAmount   string // of a report: of the other currency; may be empty
	ForwardPoints string // of a report: rate less spot rate, as a rate; may be empty
}

// Facts are what a report says besides its legs. Each may be empty.
type Facts struct {
	TradeDate  string // YYYY-MM-DD
	SpotRate   string // within the rates of the legs
	SwapPoints string // far rate less near rate, as a rate
}

// Markets are the markets on which a request is judged.
type Markets struct {
	Now  *market.Market
	Then *market.Market // at the transaction time of a report; nil if nobody knows that market
}

// Accepted is the result of a request that follows every rule: its dates, legs and rates.
type Accepted struct {
	TradeDate     fxdate.Date
	SpotDate      fxdate.Date
	Product       trade.Product
	Pair          string // in its conventional order
	Legs          []trade.Leg
	SpotRate      decimal.Decimal // the spot part of the near leg's rate; zero if nobody knows it
	ReferenceRate decimal.Decimal // of the near leg; zero if nobody knows it
	ReferenceAsOf time.Time
	USDAmount     decimal.Decimal // of the near leg, at the mid rates
	Flags         []trade.Flag
}

// Dealt returns the near leg's amount of the dealt currency.
func (a Accepted) Dealt(currency string) decimal.Decimal {
	if near := a.Legs[0]; currency != near.Base {
		return near.QuoteAmount
	}
	return a.Legs[0].BaseAmount
}
