package pricing

import (
	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
)

// growthDigits bounds what a factor of growth keeps: it is rounded half-up to so many decimals.
const growthDigits = 16

const monthsPerYear = 12

// Years returns the time between two dates in years: the whole calendar years, and the days of the last, broken year as a
// fraction of that year's length. It is negative where to lies before from. This is the only day count here, so that a
// check, a trade and a price agree.
func Years(from, to fxdate.Date) (whole int, broken decimal.Decimal) {
	if to < from {
		length := int64(from.AddMonths(monthsPerYear) - from)
		return 0, decimal.NewFromInt(int64(to-from)).DivRound(decimal.NewFromInt(length), growthDigits)
	}
	for from.AddMonths(monthsPerYear*(whole+1)) <= to {
		whole++
	}
	begin, end := from.AddMonths(monthsPerYear*whole), from.AddMonths(monthsPerYear*(whole+1))
	return whole, decimal.NewFromInt(int64(to-begin)).DivRound(decimal.NewFromInt(int64(end-begin)), growthDigits)
}

// Growth returns what one unit at a yearly rate becomes between two dates: simple interest within a year, compounded yearly
// beyond it.
func Growth(rate decimal.Decimal, from, to fxdate.Date) decimal.Decimal {
	whole, broken := Years(from, to)
	one := decimal.NewFromInt(1)
	grown := one.Add(rate.Mul(broken))
	for range whole {
		grown = grown.Mul(one.Add(rate)).Round(growthDigits)
	}
	return grown
}
