package rules

import (
	"errors"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/reason"
	"fxcore/services/market"
	"fxcore/services/market/pricing"
	"fxcore/services/trading/internal/trade"
)

// judged is what the near leg's price was compared with. It is zero if nobody knows the market of that time.
type judged struct {
	spot, reference decimal.Decimal
	asOf            time.Time
}

// reference is the market's rate for one leg, and how far from it a price may lie.
type reference struct {
	rate      decimal.Decimal
	points    decimal.NullDecimal // of a swap's far leg: the market's points, which are judged
	asOf      time.Time
	tolerance pricing.Tolerance // of a price that lies on the bank's side
	client    pricing.Tolerance // of one at which the client gains
}

// facing returns the reference with the tolerance of the side on which the leg's price lies.
func (r reference) facing(side trade.Side, rate decimal.Decimal) reference {
	if side == trade.Buy && rate.LessThan(r.rate) || side == trade.Sell && rate.GreaterThan(r.rate) {
		r.tolerance = r.client
	}
	return r
}

// price compares each leg's rate with what it must be near to and returns the accepted deal: a report with the market at its
// transaction time, a request that names a quote with the quote, and any other with the market now.
func (d *deal) price() (Accepted, error) {
	judge := d.judgePrice
	switch {
	case d.reported():
		judge = d.judgeReport
	case d.request.QuoteID != "":
		judge = d.judgeQuote
	}
	by, err := judge()
	if err != nil {
		return Accepted{}, err
	}
	dollars, err := d.dollars()
	if err != nil {
		return Accepted{}, err
	}
	return Accepted{
		TradeDate: d.dates.Deal.Trade, SpotDate: d.dates.Deal.Spot, Product: d.product, Pair: d.pair.Name, Legs: d.legs(),
		SpotRate: d.spotWithin(by.spot), ReferenceRate: by.reference, ReferenceAsOf: by.asOf, USDAmount: dollars, Flags: d.flags,
	}, nil
}

// dollars returns the near leg's amount in USD at the mid rates. A report without such a rate is flagged; it is worth zero then.
func (d *deal) dollars() (decimal.Decimal, error) {
	base := d.terms[0].base
	dollars, err := d.market.Dollars(base, d.pair.Base.Code)
	if !d.reported() || !errors.Is(err, market.ErrNoData) {
		return dollars, err
	}
	if d.then != nil {
		if dollars, err = d.then.Dollars(base, d.pair.Base.Code); err == nil {
			return dollars, nil
		}
	}
	d.flag(trade.NotValued, 0, "no rate by which "+base.String()+" "+d.pair.Base.Code+" are an amount of dollars is known")
	return decimal.Decimal{}, nil
}

// judgePrice compares the rates with the market now, which must be young enough.
func (d *deal) judgePrice() (judged, error) {
	spot, err := d.market.Reference(d.pair)
	if err != nil {
		return judged{}, err
	}
	if age := d.now.Sub(spot.AsOf); age > d.pair.MaxRateAge {
		return judged{}, reject(reason.StaleRate, "the reference rate of %s is %s old (as of %s), above the bound of %s; send a new request later",
			d.pair.Name, age.Round(time.Second), instant(spot.AsOf), d.pair.MaxRateAge)
	}
	if err := d.checkPoints(); err != nil {
		return judged{}, err
	}
	references, err := d.references(d.market, spot, d.now.Sub(spot.AsOf))
	if err != nil {
		return judged{}, err
	}
	for leg, reference := range references {
		if err := d.checkRate(leg, reference); err != nil {
			return judged{}, err
		}
	}
	return judged{spot: spot.Rate, reference: references[0].rate, asOf: spot.AsOf}, nil
}

// checkPoints refuses a deal away from spot if forward points are missing or too old. Parity is no substitute for points that the
// market quotes.
func (d *deal) checkPoints() error {
	for leg := range d.terms {
		if d.daysFromSpot(leg) == 0 {
			continue
		}
		asOf, err := d.market.PointsAsOf(d.pair)
		if err != nil {
			return err
		}
		if age := d.now.Sub(asOf); !asOf.IsZero() && age > d.PointsAge {
			return reject(reason.StaleRate, "the forward points of %s are %s old (as of %s), above the bound of %s; deal spot, or send a new request later",
				d.pair.Name, age.Round(time.Second), instant(asOf), d.PointsAge)
		}
	}
	return nil
}

// references returns the reference of each leg on a market whose spot rate is given. age is how long before the price the
// market's rates were made. A swap's far leg is judged by its points: its reference is the near leg's own rate plus the market's
// points.
func (d *deal) references(m *market.Market, spot pricing.Mid, age time.Duration) ([]reference, error) {
	near, err := m.Forward(d.pair, d.dates.Deal, d.dates.value[0])
	if err != nil {
		return nil, err
	}
	points := d.pair.PointsTolerance(d.daysFromSpot(0))
	all := []reference{{
		rate: near, asOf: spot.AsOf, tolerance: d.widened(d.pair.Tolerance(age).Plus(points)), client: d.pair.ClientTolerance(age).Plus(points),
	}}
	for leg := 1; leg < len(d.terms); leg++ {
		forward, err := m.Forward(d.pair, d.dates.Deal, d.dates.value[leg])
		if err != nil {
			return nil, err
		}
		points, tolerance := pricing.Points(near, forward, d.pair.PointsFactor), d.pair.PointsTolerance(d.swapDays(leg))
		all = append(all, reference{
			rate: pricing.Outright(d.terms[0].rate, points, d.pair.PointsFactor), points: decimal.NewNullDecimal(points), asOf: spot.AsOf,
			tolerance: d.widened(tolerance), client: tolerance,
		})
	}
	return all, nil
}

// swapDays returns over how many days the points of a swap count. Away from spot the points of both legs are uncertain.
func (d *deal) swapDays(leg int) int {
	near, far := d.daysFromSpot(0), d.daysFromSpot(leg)
	return max(near, -near) + max(far, -far)
}

// checkRate refuses a rate that has too many decimals or lies too far from its reference.
func (d *deal) checkRate(leg int, r reference) error {
	if err := d.checkDecimals(leg); err != nil {
		return err
	}
	if !r.rate.IsPositive() {
		return reject(reason.OffMarket, "the near rate %s of %s plus the market's points is not positive for %s; check the near rate",
			d.terms[0].rate, d.pair.Name, d.dates.value[leg])
	}
	r = r.facing(d.side[leg], d.terms[leg].rate)
	if deviation, allowed := r.tolerance.Deviation(d.terms[leg].rate, r.rate); !allowed {
		return reject(reason.OffMarket, "%s: ask for a new price", d.deviates(leg, deviation, r))
	}
	return nil
}

func (d *deal) checkDecimals(leg int) error {
	rate := d.terms[leg].rate
	if most := d.rateDecimals(leg); !pricing.HasDecimals(rate, most) {
		return reject(reason.OverPrecise, "the rate %s of %s for %s has more than %d decimals", rate, d.pair.Name, d.dates.value[leg], most)
	}
	return nil
}

// deviates says how far a leg's rate, or a swap's points, lie from the reference.
func (d *deal) deviates(leg int, deviation decimal.Decimal, r reference) string {
	if r.points.Valid {
		return d.pointsDeviate(leg, r)
	}
	return "the rate " + d.terms[leg].rate.String() + " of " + d.pair.Name + " for " + d.dates.value[leg].String() +
		" differs by " + pricing.Percent(deviation) + " from the reference " + r.rate.String() + " (as of " + instant(r.asOf) +
		"); the tolerance is " + r.tolerance.Percent()
}

// pointDecimals is to how many decimals of a pip a tolerance is told.
const pointDecimals = 2

func (d *deal) pointsDeviate(leg int, r reference) string {
	points := pricing.Points(d.terms[0].rate, d.terms[leg].rate, d.pair.PointsFactor)
	tolerance := r.tolerance.Of(r.rate).Mul(d.pair.PointsFactor).Round(pointDecimals)
	return "the " + points.String() + " swap points of " + d.pair.Name + " for " + d.dates.value[leg].String() +
		" differ by " + points.Sub(r.points.Decimal).Abs().String() + " from the market's " + r.points.Decimal.String() +
		" (as of " + instant(r.asOf) + "); the tolerance is " + tolerance.String() + " points"
}

// widened returns a tolerance as it is for the kind of request: wider for a report.
func (d *deal) widened(tolerance pricing.Tolerance) pricing.Tolerance {
	if d.reported() {
		return tolerance.Times(d.ReportTolerance)
	}
	return tolerance
}

// rateDecimals returns the number of decimals that the leg's rate may have: those of the pair for a spot rate, more for
// a rate that includes points. The rate of a swap's far leg includes points even if the leg settles on spot (TN).
func (d *deal) rateDecimals(leg int) int32 {
	if leg == 0 && d.daysFromSpot(leg) == 0 {
		return d.pair.Decimals
	}
	return d.pair.Decimals + outrightDigits
}

func (d *deal) daysFromSpot(leg int) int { return int(d.dates.value[leg] - d.dates.Deal.Spot) }

// spotWithin returns the spot part of the near leg's rate. A report may state it. If the leg settles on spot, it is the leg's
// own rate; otherwise it is the reference rate, rounded half-up to the pair's decimals. The rest of an outright rate is its
// points.
func (d *deal) spotWithin(reference decimal.Decimal) decimal.Decimal {
	switch {
	case d.spotRate.IsPositive():
		return d.spotRate
	case d.daysFromSpot(0) == 0:
		return d.terms[0].rate
	}
	return reference.Round(d.pair.Decimals)
}

func (d *deal) legs() []trade.Leg {
	legs := make([]trade.Leg, len(d.terms))
	for i, t := range d.terms {
		legs[i] = trade.Leg{
			ValueDate: d.dates.value[i], Base: d.pair.Base.Code, BaseSide: d.side[i], BaseAmount: t.base,
			Quote: d.pair.Quote.Code, QuoteAmount: t.quote, Rate: t.rate, ForwardPoints: t.points,
		}
	}
	return legs
}
