package pricing

import "github.com/shopspring/decimal"

// Tolerance is the largest allowed deviation of a rate from its reference, as a fraction of the reference: 0.005.
type Tolerance decimal.Decimal

// At returns the tolerance for a value date that is days from spot, before or after. It grows by its own size per 360
// days, because the reference rate of a forward uses indicative deposit rates. It is rounded half-up to six decimals.
func (t Tolerance) At(days int) Tolerance {
	year := decimal.NewFromInt(yearDays)
	elapsed := decimal.NewFromInt(int64(max(days, -days)))
	return Tolerance(decimal.Decimal(t).Mul(year.Add(elapsed)).DivRound(year, toleranceDigits))
}

// Times returns the tolerance multiplied by a factor.
func (t Tolerance) Times(factor decimal.Decimal) Tolerance {
	return Tolerance(decimal.Decimal(t).Mul(factor))
}

// Deviation returns the deviation of rate from a positive reference, and whether the tolerance allows it. The deviation
// is a fraction of the reference without sign, rounded half-up to six decimals. The decision uses the exact value.
func (t Tolerance) Deviation(rate, reference decimal.Decimal) (deviation decimal.Decimal, allowed bool) {
	difference := rate.Sub(reference).Abs()
	allowed = difference.LessThanOrEqual(reference.Mul(decimal.Decimal(t)))
	return difference.DivRound(reference, toleranceDigits), allowed
}

// Percent returns the tolerance in the form for a person: "0.5%".
func (t Tolerance) Percent() string { return Percent(decimal.Decimal(t)) }

// Percent formats a fraction for a person: 0.005 becomes "0.5%".
func Percent(fraction decimal.Decimal) string { return fraction.Shift(2).String() + "%" }

const toleranceDigits = 6

// yearDays is the length of a year in days where only a bound depends on it.
const yearDays = 360
