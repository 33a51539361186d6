package pricing

import (
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
)

// Mid is the market's mid rate of a currency, in units of the currency per euro, with the time at which it was valid.
type Mid struct {
	Rate decimal.Decimal
	AsOf time.Time
}

// ExtraDigits is what a reference keeps beyond the pair's own decimals, so that its rounding is a hundredth of the
// smallest step in which a price can be quoted.
const ExtraDigits = 2

// Cross returns the reference rate of a pair in quote units per base unit: the quotient of the two mids, rounded
// half-up to the pair's decimals and two more. Its time is that of the older mid.
func Cross(base, quote Mid, decimals int32) Mid {
	asOf := base.AsOf
	if quote.AsOf.Before(asOf) {
		asOf = quote.AsOf
	}
	return Mid{Rate: quote.Rate.DivRound(base.Rate, decimals+ExtraDigits), AsOf: asOf}
}

// Deposits are the yearly deposit rates of both currencies, as fractions: 0.0425.
type Deposits struct{ Base, Quote decimal.Decimal }

// Parity returns the reference rate for a date by covered interest parity from the rate at spot:
// spot × growth of the quote ÷ growth of the base (see Growth), rounded half-up as the spot reference is. The date may lie
// before spot.
func Parity(rate decimal.Decimal, deposits Deposits, spot, date fxdate.Date, decimals int32) decimal.Decimal {
	if date == spot {
		return rate
	}
	grown := rate.Mul(Growth(deposits.Quote, spot, date))
	return grown.DivRound(Growth(deposits.Base, spot, date), decimals+ExtraDigits)
}
