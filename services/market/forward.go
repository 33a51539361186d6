package market

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market/pricing"
	"fxcore/services/market/valuedate"
)

// Curve is a pair's forward points in pips by tenor, as the market quotes them. Points are against spot. Those of TOD and TOM are
// from spot back to the date. Those of ON are from today to tomorrow, and those of TN from tomorrow to spot.
type Curve map[fxdate.Tenor]decimal.Decimal

// PointsAsOf returns when the pair's forward points were quoted; the zero time if nobody knows it, or if the market quotes none for
// the pair. Error: ErrNoData if no points have been delivered, or none of the pair's is readable.
func (m *Market) PointsAsOf(pair *Pair) (time.Time, error) {
	curve, quoted := m.curves[pair.Name]
	switch {
	case m.curves == nil:
		return time.Time{}, fmt.Errorf("%w: the bank has delivered no forward points", ErrNoData)
	case quoted && len(curve) == 0:
		return time.Time{}, fmt.Errorf("%w: no forward points of %s are readable", ErrNoData, pair.Name)
	}
	return m.pointsAsOf[pair.Name], nil
}

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
	nodes := m.placedNodes(pair, deal)
	if points, inside := pricing.Interpolate(nodes, int(date-deal.Spot)); inside {
		return pricing.Outright(spot.Rate, points, pair.PointsFactor).Round(pair.Decimals + pricing.ExtraDigits), nil
	}
	from, rate := deal.Spot, spot.Rate
	if last := nodes[len(nodes)-1]; int(date-deal.Spot) > last.Days {
		from, rate = deal.Spot.AddDays(last.Days), pricing.Outright(spot.Rate, last.Value, pair.PointsFactor)
	}
	return pricing.Parity(rate, pair.Deposits(), from, date, pair.Decimals), nil
}

// placed is a node of a curve with the length of its tenor as it is counted, without holidays; zero for a tenor that counts none.
type placed struct {
	pricing.Node
	length int
}

// lengthOf returns the length of a tenor that counts days, weeks, months or years from spot.
func lengthOf(t fxdate.Tenor) int {
	if t.Unit == fxdate.IMM {
		return 0 // the next one may be a day after spot
	}
	return t.Length()
}

// nodesOf places a curve's points on the calendar, in the order of their days; spot itself has none. A tenor that does not
// exist on the day (TN where tomorrow is spot) is left out. Where holidays let a tenor end on the date of a longer one or after it,
// the longer one counts: it was moved less. Otherwise the points would fall where they rise from tenor to tenor.
func nodesOf(curve Curve, dates valuedate.Pair, deal valuedate.Dates) []pricing.Node {
	all := []placed{{}}
	for tenor, points := range curve {
		period, err := dates.PeriodOf(deal, tenor)
		if err != nil || period.End == deal.Spot || tenor.Unit == fxdate.Overnight && period.End < deal.Spot {
			continue
		}
		all = append(all, placed{pricing.Node{Days: int(period.End - deal.Spot), Value: points}, lengthOf(tenor)})
	}
	all = append(all, beforeSpot(curve, dates, deal)...)
	slices.SortFunc(all, func(a, b placed) int { return cmp.Or(a.Days-b.Days, b.length-a.length, a.Value.Cmp(b.Value)) })
	nodes, longest := make([]pricing.Node, 0, len(all)), 0
	for _, p := range all {
		counts := p.length > 0 && p.Days > 0
		if len(nodes) > 0 && nodes[len(nodes)-1].Days == p.Days || counts && p.length < longest {
			continue
		}
		if counts {
			longest = p.length
		}
		nodes = append(nodes, p.Node)
	}
	return nodes
}

// beforeSpot places the points of ON and TN at the start of their period: a rate for tomorrow is spot less the points of TN, one for
// today is tomorrow's less the points of ON. Without the points from tomorrow to spot nobody can say what ON leads to.
func beforeSpot(curve Curve, dates valuedate.Pair, deal valuedate.Dates) (nodes []placed) {
	at := func(unit fxdate.Unit) (points decimal.Decimal, period valuedate.Period, exists bool) {
		return curve.on(unit, dates, deal)
	}
	tomorrow, period, known := at(fxdate.TomorrowNext)
	if known {
		tomorrow = tomorrow.Neg()
		nodes = append(nodes, nodeAt(period.Start, deal, tomorrow))
	} else {
		tomorrow, _, known = at(fxdate.Tomorrow)
	}
	overnight, period, exists := at(fxdate.Overnight)
	switch {
	case !exists || period.End > deal.Spot:
	case period.End == deal.Spot:
		nodes = append(nodes, nodeAt(period.Start, deal, overnight.Neg()))
	case known:
		nodes = append(nodes, nodeAt(period.Start, deal, tomorrow.Sub(overnight)))
	}
	return nodes
}

// on returns the curve's points of a unit with its period; false if the curve or the day has no such tenor.
func (c Curve) on(unit fxdate.Unit, dates valuedate.Pair, deal valuedate.Dates) (decimal.Decimal, valuedate.Period, bool) {
	for tenor, points := range c {
		if tenor.Unit == unit {
			period, err := dates.PeriodOf(deal, tenor)
			return points, period, err == nil
		}
	}
	return decimal.Decimal{}, valuedate.Period{}, false
}

// nodeAt returns a node of one day's length.
func nodeAt(date fxdate.Date, deal valuedate.Dates, points decimal.Decimal) placed {
	return placed{pricing.Node{Days: int(date - deal.Spot), Value: points}, 1}
}
