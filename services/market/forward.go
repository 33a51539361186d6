package market

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market/pricing"
	"fxcore/services/market/valuedate"
)

// Curve is a pair's forward points in pips by tenor, as the market quotes them against spot. The points of TOD and TOM are
// those from spot back to the date.
type Curve map[fxdate.Tenor]decimal.Decimal

// Forward returns the pair's reference rate for a date of a deal done on the given dates. Between two tenors of the pair's
// curve the points are interpolated linearly in days. Where the pair has no curve, and beyond its last tenor, interest
// parity on the deposit rates continues. Errors: ErrNoData, calendar.ErrNoBusinessDay.
func (m *Market) Forward(pair *Pair, deal valuedate.Dates, date fxdate.Date) (decimal.Decimal, error) {
	spot, err := m.Reference(pair)
	if err != nil {
		return decimal.Decimal{}, err
	}
	if date == deal.Spot {
		return spot.Rate, nil
	}
	nodes := nodesOf(m.curves[pair.Name], pair.Dates, deal)
	if points, inside := pricing.Interpolate(nodes, int(date-deal.Spot)); inside {
		return pricing.Outright(spot.Rate, points, pair.PointsFactor).Round(pair.Decimals + pricing.ExtraDigits), nil
	}
	from, rate := deal.Spot, spot.Rate
	if last := nodes[len(nodes)-1]; int(date-deal.Spot) > last.Days {
		from, rate = deal.Spot.AddDays(last.Days), pricing.Outright(spot.Rate, last.Value, pair.PointsFactor)
	}
	return pricing.Parity(rate, pair.Deposits(), from, date, pair.Decimals), nil
}

// placed is a node of a curve with the length of its tenor as it is counted, without holidays.
type placed struct {
	pricing.Node
	length int
}

// nodesOf places a curve's points on the calendar, in the order of their days; spot itself has none. A tenor that does not
// exist on the day (TN where tomorrow is spot) is left out. Where holidays let two tenors end on one date, the longer one counts:
// it was moved less.
func nodesOf(curve Curve, dates valuedate.Pair, deal valuedate.Dates) []pricing.Node {
	all := []placed{{}}
	for tenor, points := range curve {
		period, err := dates.PeriodOf(deal, tenor)
		if err != nil || period.End == deal.Spot {
			continue
		}
		all = append(all, placed{pricing.Node{Days: int(period.End - deal.Spot), Value: points}, tenor.Length()})
	}
	slices.SortFunc(all, func(a, b placed) int { return cmp.Or(a.Days-b.Days, b.length-a.length, a.Value.Cmp(b.Value)) })
	all = slices.CompactFunc(all, func(a, b placed) bool { return a.Days == b.Days })
	nodes := make([]pricing.Node, len(all))
	for i, p := range all {
		nodes[i] = p.Node
	}
	return nodes
}
