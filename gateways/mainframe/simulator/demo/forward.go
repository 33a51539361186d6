package demo

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// A year has so many days for the demo's curves.
const yearDays = 365

// growthDigits bounds what a factor of growth keeps.
const growthDigits = 16

// node is a tenor of the curves, with its nominal days from spot.
type node struct {
	tenor string
	days  int
}

// curveNodes are the tenors for which the market publishes forward points. There are none before spot: tomorrow may be four days before
// spot, and nominal days would price it as one. The core counts the real days there, by interest parity.
var curveNodes = []node{
	{"1W", 7}, {"2W", 14}, {"1M", 30}, {"2M", 61}, {"3M", 91}, {"6M", 182}, {"9M", 274}, {"1Y", 365}, {"2Y", 730}, {"3Y", 1095}, {"5Y", 1825},
}

// CurveTenors returns the tenors of [Market.Points], shortest first.
func CurveTenors() []string {
	tenors := make([]string, len(curveNodes))
	for i, n := range curveNodes {
		tenors[i] = n.tenor
	}
	return tenors
}

// Points returns a pair's forward points for a tenor in pips, rounded half up to a tenth of a thousandth.
func (m *Market) Points(pair string, at time.Time, tenor string) (decimal.Decimal, error) {
	i := slices.IndexFunc(curveNodes, func(n node) bool { return n.tenor == tenor })
	if i < 0 {
		return decimal.Decimal{}, fmt.Errorf("market: no points for tenor %q", tenor)
	}
	p, mid, err := m.mid(pair, at)
	if err != nil {
		return decimal.Decimal{}, err
	}
	difference := m.forward(p, mid, curveNodes[i].days).Sub(mid)
	return difference.Mul(decimal.NewFromInt(int64(p.PointsFactor))).Round(4), nil
}

// Outright returns the mid of a pair for a value date days after spot (before it, if negative), rounded half up to the pair's
// decimals. It is covered interest parity on the currencies' deposit rates: spot × growth of the quote ÷ growth of the base.
func (m *Market) Outright(pair string, at time.Time, days int) (decimal.Decimal, error) {
	p, mid, err := m.mid(pair, at)
	if err != nil {
		return decimal.Decimal{}, err
	}
	return m.forward(p, mid, days).Round(int32(p.RateDecimals)), nil
}

func (m *Market) forward(p Pair, mid decimal.Decimal, days int) decimal.Decimal {
	return mid.Mul(m.growth(p.Quote(), days)).DivRound(m.growth(p.Base(), days), growthDigits)
}

// growth returns what one unit becomes: simple interest within a year, compounded yearly beyond it.
func (m *Market) growth(currency string, days int) decimal.Decimal {
	one, rate := decimal.NewFromInt(1), m.currencies[currency].DepositRate
	broken := decimal.NewFromInt(int64(days%yearDays)).DivRound(decimal.NewFromInt(yearDays), growthDigits)
	grown := one.Add(rate.Mul(broken))
	for range days / yearDays {
		grown = grown.Mul(one.Add(rate)).Round(growthDigits)
	}
	return grown
}
