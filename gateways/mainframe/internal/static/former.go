package static

import (
	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
)

// The fields of the records' former form. Replicas of the release before read these, and refuse a set without them. They can go
// one release after the one that brought the new form.

// formerTolerance is how far a price could lie off the reference rate, as a fraction of the rate. It is now a number of half
// spreads.
func formerTolerance(halfSpread decimal.Decimal, band int) decimal.Decimal {
	return halfSpread.Mul(decimal.NewFromInt(int64(band)))
}

// Lengths of the former buckets.
const (
	spotDays    = 2
	daysPerWeek = 7
)

// formerDays is the length of a tenor in days, as the former tables had it: 31 for a month, 366 for a year. It returns 0 for no
// tenor. Where a tenor has no length it returns 1, which allows least.
func formerDays(name string) int {
	if name == "" {
		return 0
	}
	tenor, err := fxdate.ParseTenor(name)
	switch {
	case err != nil, tenor.Unit == fxdate.IMM:
		return 1
	case tenor.Unit == fxdate.Days:
		return tenor.Count
	case tenor.Unit == fxdate.Weeks:
		return daysPerWeek * tenor.Count
	case tenor.Unit == fxdate.Months:
		return (tenor.Count*1461 + 47) / 48 // 1461 days are four years, which are 48 months; rounded up
	}
	return spotDays
}
