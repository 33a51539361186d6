package line

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// Market holds the figures that value exposures and collateral. It must not change while it is in use.
type Market struct {
	Mids       map[string]decimal.Decimal // units of the currency per euro; EUR itself is 1
	Deposits   map[string]decimal.Decimal // annual simple interest, as a fraction; zero for a currency without an entry
	Volatility map[string]decimal.Decimal // annual, as a fraction, by pair "EUR/USD"
	AddOns     AddOns
}

// MissingError means that the market or the static data lacks a figure. What names it.
type MissingError struct{ What string }

// Error implements error.
func (e *MissingError) Error() string { return "no " + e.What }

// TenorError means that a deal is longer than the last add-on.
type TenorError struct{ Days, MaxDays int }

// Error implements error.
func (e *TenorError) Error() string {
	return fmt.Sprintf("%d days is beyond the last add-on, %d days", e.Days, e.MaxDays)
}

// Rate returns the units of the currency to per unit of from, rounded half up to 12 decimals. Error: [*MissingError].
func (m Market) Rate(from, to string) (decimal.Decimal, error) {
	if from == to {
		return one, nil
	}
	f, t := m.Mids[from], m.Mids[to]
	if !f.IsPositive() {
		return decimal.Zero, &MissingError{"rate of " + from}
	}
	if !t.IsPositive() {
		return decimal.Zero, &MissingError{"rate of " + to}
	}
	return t.DivRound(f, rateDigits), nil
}

// Forward returns the pair's forward rate for a value date, in quote per base. It uses interest parity from spot with
// simple interest, F = S · (1 + r_quote · t_quote) / (1 + r_base · t_base), rounded half up to 12 decimals. Error:
// [*MissingError].
func (m Market) Forward(d Deal, valueDate time.Time) (decimal.Decimal, error) {
	spot, err := m.Rate(d.Base, d.Quote)
	if err != nil {
		return decimal.Zero, err
	}
	n := days(d.SpotDate, valueDate)
	if n == 0 {
		return spot, nil
	}
	grown := spot.Mul(m.growth(d.Quote, n))
	return grown.DivRound(m.growth(d.Base, n), rateDigits), nil
}

func (m Market) growth(currency string, n int) decimal.Decimal {
	interest := m.Deposits[currency].Mul(decimal.NewFromInt(int64(n)))
	return one.Add(interest.DivRound(yearDays(currency), rateDigits))
}

// yearDays returns the days of a year in the day count of the currency's money market: ACT/365 in the sterling
// tradition, ACT/360 elsewhere (ISDA, OpenGamma's "Interest Rate Instruments and Market Conventions Guide").
func yearDays(currency string) decimal.Decimal {
	switch currency {
	case "GBP", "AUD", "NZD", "CAD", "HKD", "SGD", "ZAR", "PLN", "THB", "KRW", "INR", "ILS", "MYR":
		return decimal.NewFromInt(365)
	}
	return decimal.NewFromInt(360)
}

// AddOn is the fraction of a deal's notional by which the rate may move against the bank before the value date.
type AddOn struct {
	MaxDays int // the longest tenor of this add-on, in calendar days
	Factor  decimal.Decimal
}

// AddOns is the table of add-ons by tenor, shortest first, for a pair of 10 % annual volatility. Its source is the
// formula z · σ · √t with z = 1.96 (95 %, two-sided: the percentile method of "measuring potential future exposure")
// and t in years of 252 dealing days:
//
//	1W 2.8 %   1M 5.7 %   3M 9.8 %   6M 13.9 %   1Y 19.6 %   5Y 43.8 %
//
// Credit risk reviews the table. It is static data.
type AddOns []AddOn

// tableVolatility is the volatility σ for which the table is made. The add-on of another pair is in proportion to its
// volatility.
var tableVolatility = decimal.RequireFromString("0.10")

// AddOn returns the add-on of a pair for a tenor in calendar days, rounded half up to 12 decimals. Errors:
// [*MissingError], [*TenorError].
func (m Market) AddOn(pair string, tenorDays int) (decimal.Decimal, error) {
	volatility, ok := m.Volatility[pair]
	if !ok {
		return decimal.Zero, &MissingError{"volatility of " + pair}
	}
	if len(m.AddOns) == 0 {
		return decimal.Zero, &MissingError{"add-ons by tenor"}
	}
	i, _ := slices.BinarySearchFunc(m.AddOns, tenorDays, func(a AddOn, days int) int { return a.MaxDays - days })
	if i == len(m.AddOns) {
		return decimal.Zero, &TenorError{Days: tenorDays, MaxDays: m.AddOns[i-1].MaxDays}
	}
	return m.AddOns[i].Factor.Mul(volatility).DivRound(tableVolatility, rateDigits), nil
}
