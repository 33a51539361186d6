package pricing

import (
	"time"

	"github.com/shopspring/decimal"
)

// Mid is the market's middle rate of a currency: units of it for one euro, and when that was so.
type Mid struct {
	Rate decimal.Decimal
	AsOf time.Time
}

// extraDigits is what a reference keeps beyond the pair's own decimals, so that its rounding is a hundredth of the
// smallest step in which a price can be quoted.
const extraDigits = 2

// Cross returns the reference rate of a pair, quote units for one base unit: the quotient of both mids, rounded half-up
// to the pair's decimals and two more. It is as old as the older of the two.
func Cross(base, quote Mid, decimals int32) Mid {
	asOf := base.AsOf
	if quote.AsOf.Before(asOf) {
		asOf = quote.AsOf
	}
	return Mid{Rate: quote.Rate.DivRound(base.Rate, decimals+extraDigits), AsOf: asOf}
}

// Deposits are the yearly deposit rates of both currencies, as fractions: 0.0425.
type Deposits struct{ Base, Quote decimal.Decimal }

// The day count: actual days over a year of 360, the money market's for most currencies. Those that count 365 differ by
// less than a tenth of the tolerance.
const yearDays = 360

// Forward returns the reference rate for a date that lies days after spot: covered interest parity with simple interest,
// spot × (1 + quote·t) ÷ (1 + base·t), rounded half-up as the spot reference is. days is negative before spot.
func Forward(spot decimal.Decimal, deposits Deposits, days int, decimals int32) decimal.Decimal {
	if days == 0 {
		return spot
	}
	grown := spot.Mul(growth(deposits.Quote, days))
	return grown.DivRound(growth(deposits.Base, days), decimals+extraDigits)
}

// growth is what one unit becomes, times yearDays so that nothing need be divided before the end.
func growth(rate decimal.Decimal, days int) decimal.Decimal {
	return decimal.NewFromInt(yearDays).Add(rate.Mul(decimal.NewFromInt(int64(days))))
}
