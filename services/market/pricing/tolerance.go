package pricing

import (
	"time"

	"github.com/shopspring/decimal"
)

// Tolerance is the largest allowed deviation of a rate from its reference, as a fraction of the reference: 0.005.
type Tolerance decimal.Decimal

// Over returns what a tolerance for one year is for another number of days. It grows with the square root of time, as the
// spread of forward points does. It is rounded down to eight decimals.
func (t Tolerance) Over(days int) Tolerance {
	return t.times(root(decimal.NewFromInt(int64(max(days, -days))).DivRound(decimal.NewFromInt(yearDays), growthDigits)))
}

// moves is how many standard deviations a rate may have moved since its reference.
const moves = 3

// Drift returns how far a rate of a yearly volatility may have moved in a time: three standard deviations.
func Drift(volatility decimal.Decimal, passed time.Duration) Tolerance {
	year := decimal.NewFromInt(int64(yearDays * 24 * time.Hour))
	share := decimal.NewFromInt(int64(passed.Abs())).DivRound(year, growthDigits)
	return Tolerance(volatility.Mul(decimal.NewFromInt(moves))).times(root(share))
}

// Plus returns the sum of two tolerances.
func (t Tolerance) Plus(other Tolerance) Tolerance {
	return Tolerance(decimal.Decimal(t).Add(decimal.Decimal(other)))
}

// AtMost returns the smaller of two tolerances.
func (t Tolerance) AtMost(bound Tolerance) Tolerance {
	return Tolerance(decimal.Min(decimal.Decimal(t), decimal.Decimal(bound)))
}

// Times returns the tolerance multiplied by a factor.
func (t Tolerance) Times(factor decimal.Decimal) Tolerance {
	return Tolerance(decimal.Decimal(t).Mul(factor))
}

func (t Tolerance) times(factor decimal.Decimal) Tolerance {
	return Tolerance(decimal.Decimal(t).Mul(factor).Truncate(rootDigits))
}

// Of returns the tolerance of a reference rate, as a rate.
func (t Tolerance) Of(reference decimal.Decimal) decimal.Decimal {
	return reference.Mul(decimal.Decimal(t))
}

// Deviation returns the deviation of rate from a positive reference, and whether the tolerance allows it. The deviation
// is a fraction of the reference without sign, rounded half-up to six decimals. The decision uses the exact value.
func (t Tolerance) Deviation(rate, reference decimal.Decimal) (deviation decimal.Decimal, allowed bool) {
	difference := rate.Sub(reference).Abs()
	return difference.DivRound(reference, toleranceDigits), difference.LessThanOrEqual(t.Of(reference))
}

// Percent returns the tolerance in the form for a person: "0.5%".
func (t Tolerance) Percent() string { return Percent(decimal.Decimal(t).Round(toleranceDigits)) }

// Percent formats a fraction for a person: 0.005 becomes "0.5%".
func Percent(fraction decimal.Decimal) string { return fraction.Shift(2).String() + "%" }

const (
	toleranceDigits = 6
	rootDigits      = 8
	yearDays        = 365 // the length of a year where only a bound depends on it
)

// root returns the square root of a number that is not negative, rounded down to eight decimals.
func root(square decimal.Decimal) decimal.Decimal {
	scaled := square.Shift(2 * rootDigits).BigInt()
	return decimal.NewFromBigInt(scaled.Sqrt(scaled), -rootDigits)
}
