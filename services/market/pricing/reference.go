package pricing

import (
	"time"

	"github.com/shopspring/decimal"
)

// Mid is the market's mid rate of a currency, in units of the currency per euro, with the time at which it was valid.
type Mid struct {
	Rate decimal.Decimal
	AsOf time.Time
}

// extraDigits is the number of decimals of a reference rate beyond the pair's own. The rounding error is then at most a
// hundredth of the smallest step of a quoted price.
const extraDigits = 2

// Cross returns the reference rate of a pair in quote units per base unit: the quotient of the two mids, rounded
// half-up to the pair's decimals and two more. Its time is that of the older mid.
func Cross(base, quote Mid, decimals int32) Mid {
	asOf := base.AsOf
	if quote.AsOf.Before(asOf) {
		asOf = quote.AsOf
	}
	return Mid{Rate: quote.Rate.DivRound(base.Rate, decimals+extraDigits), AsOf: asOf}
}

// Deposits are the yearly deposit rates of both currencies, as fractions: 0.0425.
type Deposits struct{ Base, Quote decimal.Decimal }

// yearDays is the day count basis: actual days over 360, as in most money markets. For currencies with a basis of 365,
// the error is less than a tenth of the tolerance.
const yearDays = 360

// Forward returns the reference rate for a value date that is days after spot: covered interest parity with simple
// interest, spot × (1 + quote·t) ÷ (1 + base·t), rounded half-up to the pair's decimals and two more. days is negative
// for a date before spot.
func Forward(spot decimal.Decimal, deposits Deposits, days int, decimals int32) decimal.Decimal {
	if days == 0 {
		return spot
	}
	grown := spot.Mul(growth(deposits.Quote, days))
	return grown.DivRound(growth(deposits.Base, days), decimals+extraDigits)
}

// growth returns yearDays × (1 + rate·t). The factor yearDays cancels out in Forward, and saves a rounded division.
func growth(rate decimal.Decimal, days int) decimal.Decimal {
	return decimal.NewFromInt(yearDays).Add(rate.Mul(decimal.NewFromInt(int64(days))))
}
