// Package pricing holds the arithmetic of foreign exchange: reference rates crossed through the euro, forward rates by
// interest parity, contra amounts and forward points. It is pure, uses decimals, and names each rounding.
//
// All rounding is half-up: half a unit is rounded away from zero. All amounts and rates must be positive.
package pricing

import "github.com/shopspring/decimal"

// Contra returns the quote amount of a dealt base amount: base × rate, rounded half-up to the quote currency's minor
// units.
func Contra(base, rate decimal.Decimal, minorUnits int32) decimal.Decimal {
	return base.Mul(rate).Round(minorUnits)
}

// ContraOfQuote returns the base amount of a dealt quote amount: quote ÷ rate, rounded half-up to the base currency's
// minor units (FIX 4.2 appendix O: Currency(15) names the dealt side).
func ContraOfQuote(quote, rate decimal.Decimal, minorUnits int32) decimal.Decimal {
	return quote.DivRound(rate, minorUnits)
}

// HasDecimals reports whether value has at most n decimals. Trailing zeros do not count.
func HasDecimals(value decimal.Decimal, n int32) bool {
	return value.Exponent() >= -n || value.Equal(value.Truncate(n))
}

// Outright returns the outright rate: rate + points ÷ factor. Points are in pips. factor is the number of pips in 1
// (10000 for most pairs, 100 for the yen).
func Outright(rate, points, factor decimal.Decimal) decimal.Decimal {
	return rate.Add(points.Div(factor))
}

// Points returns the forward points between two rates, far − near, in pips.
func Points(near, far, factor decimal.Decimal) decimal.Decimal { return far.Sub(near).Mul(factor) }
