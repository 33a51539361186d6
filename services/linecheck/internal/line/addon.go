package line

import (
	"cmp"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market/valuedate"
)

// AddOn is the fraction of a deal's notional by which the rate may move against the bank until a tenor's value date.
type AddOn struct {
	Tenor  fxdate.Tenor
	Factor decimal.Decimal
}

// AddOns is the table by tenor, in any order, for a pair of 10 % annual volatility. The bank's credit risk reviews it and
// delivers it as static data. Its source is z · σ · √t with z = 1.96 (95 %, two-sided), t in years of 252 dealing days:
//
//	SPOT 1.8 %   1W 2.8 %   1M 5.7 %   3M 9.8 %   6M 13.9 %   1Y 19.6 %   5Y 43.8 %
//
// A tenor means the same as for value dates: it runs from spot on the pair's calendar. Between two tenors the factor is
// interpolated linearly in √t, t being the days from spot. Before the first tenor the first factor holds. Beyond the last tenor
// its factor is carried on in proportion to √t, as the source has it; only a trade that is done gets such an add-on.
type AddOns []AddOn

// TenorError means that a deal runs for longer than any add-on is set for. What is returned beside it uses the carried-on add-on.
type TenorError struct {
	Date, Last fxdate.Date
	Longest    fxdate.Tenor
}

// Error implements error.
func (e *TenorError) Error() string {
	return fmt.Sprintf("%s is after the last add-on, %s on %s", e.Date, e.Longest, e.Last)
}

// tableVolatility is the σ that the table is made for; the factor of another pair is in proportion.
var tableVolatility = decimal.RequireFromString("0.10")

// point is an add-on on the pair's calendar.
type point struct {
	AddOn
	days int // from spot
}

// For returns the add-on of a deal at its last value date, rounded half up to 12 places. It returns a [*MissingError] if the
// table is empty or the pair has no volatility. Beyond the last tenor it returns a [*TenorError], and beside it the add-on of the
// last tenor carried on.
func (a AddOns) For(d Deal) (decimal.Decimal, error) {
	if !d.Pair.Volatility.IsPositive() {
		return decimal.Zero, &MissingError{"volatility of " + d.Pair.Name}
	}
	points, err := a.on(d)
	if err != nil {
		return decimal.Zero, err
	}
	if len(points) == 0 {
		return decimal.Zero, &MissingError{"add-ons by tenor"}
	}
	days := int(d.last() - d.Dates.Spot)
	ofPair := func(factor decimal.Decimal) decimal.Decimal {
		return factor.Mul(d.Pair.Volatility).DivRound(tableVolatility, rateDigits)
	}
	last := points[len(points)-1]
	if days > last.days {
		return ofPair(last.carriedOn(days)), &TenorError{Date: d.last(), Last: d.Dates.Spot.AddDays(last.days), Longest: last.Tenor}
	}
	return ofPair(factorAt(points, days)), nil
}

// carriedOn returns the factor of a later day, in proportion to √t. A table that ends at spot has no slope: its factor holds.
func (p point) carriedOn(days int) decimal.Decimal {
	if p.days <= 0 {
		return p.Factor
	}
	return p.Factor.Mul(root(days)).DivRound(root(p.days), rateDigits)
}

// on places the table on the deal's calendar, shortest first. A longer tenor never has a smaller factor than a shorter one:
// where the table says so, the larger factor holds, so that more time never costs less. Of tenors that holidays let end on one
// date the largest factor counts. A tenor that does not exist on the day is left out.
func (a AddOns) on(d Deal) ([]point, error) {
	points := make([]point, 0, len(a))
	for _, addOn := range a {
		period, err := d.Pair.Dates.PeriodOf(d.Dates, addOn.Tenor)
		switch {
		case errors.Is(err, valuedate.ErrNoSuchTenor):
			continue
		case err != nil:
			return nil, err
		}
		points = append(points, point{addOn, int(period.End - d.Dates.Spot)})
	}
	slices.SortFunc(points, func(p, q point) int { return cmp.Or(p.days-q.days, p.Factor.Cmp(q.Factor)) })
	rising := points[:0]
	for _, p := range points {
		if n := len(rising); n > 0 {
			p.Factor = decimal.Max(p.Factor, rising[n-1].Factor)
			if rising[n-1].days == p.days {
				rising = rising[:n-1]
			}
		}
		rising = append(rising, p)
	}
	return rising, nil
}

// factorAt interpolates. days is not after the last point.
func factorAt(points []point, days int) decimal.Decimal {
	i := slices.IndexFunc(points, func(p point) bool { return p.days >= days })
	if i == 0 || points[i].days == days || points[i].days <= 0 {
		return points[i].Factor
	}
	from, to := points[i-1], points[i]
	passed, length := root(days).Sub(root(from.days)), root(to.days).Sub(root(from.days))
	return from.Factor.Add(to.Factor.Sub(from.Factor).Mul(passed).DivRound(length, rateDigits))
}

// root returns the square root of a number of days, rounded down to 12 places; zero before spot.
func root(days int) decimal.Decimal {
	scaled := new(big.Int).Mul(big.NewInt(int64(max(days, 0))), new(big.Int).Exp(big.NewInt(10), big.NewInt(2*rateDigits), nil))
	return decimal.NewFromBigInt(scaled.Sqrt(scaled), -rateDigits)
}
