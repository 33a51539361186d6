package pricing

import "github.com/shopspring/decimal"

// Tolerance is how far a price may lie from its reference, as a fraction of the reference: 0.005.
type Tolerance decimal.Decimal

// At returns the tolerance for a value date that lies days from spot. It grows by its own size per year, because the
// reference of a forward rests on indicative deposit rates.
func (t Tolerance) At(days int) Tolerance {
	year := decimal.NewFromInt(yearDays)
	elapsed := decimal.NewFromInt(int64(max(days, -days)))
	return Tolerance(decimal.Decimal(t).Mul(year.Add(elapsed)).DivRound(year, toleranceDigits))
}

// Times widens the tolerance by a factor.
func (t Tolerance) Times(factor decimal.Decimal) Tolerance {
	return Tolerance(decimal.Decimal(t).Mul(factor))
}

// Deviation returns how far rate lies from a positive reference, as a fraction of it, rounded half-up to six decimals
// and always positive, and whether the tolerance allows it. The decision is exact; only the figure is rounded.
func (t Tolerance) Deviation(rate, reference decimal.Decimal) (deviation decimal.Decimal, allowed bool) {
	difference := rate.Sub(reference).Abs()
	allowed = difference.LessThanOrEqual(reference.Mul(decimal.Decimal(t)))
	return difference.DivRound(reference, toleranceDigits), allowed
}

// Percent returns the tolerance as a person reads it: "0.5%".
func (t Tolerance) Percent() string { return Percent(decimal.Decimal(t)) }

// Percent writes a fraction for a person: 0.005 is "0.5%".
func Percent(fraction decimal.Decimal) string { return fraction.Shift(2).String() + "%" }

const toleranceDigits = 6
