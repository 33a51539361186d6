package rules

import (
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/reason"
	"fxcore/services/market/pricing"
	"fxcore/services/trading/internal/trade"
)

// price compares each leg's rate with its reference rate and returns the accepted deal.
func (d *deal) price() (Accepted, error) {
	spot, err := d.freshReference()
	if err != nil {
		return Accepted{}, err
	}
	near, err := d.checkRates(spot)
	if err != nil {
		return Accepted{}, err
	}
	dollars, err := d.market.Dollars(d.terms[0].base, d.pair.Base.Code)
	if err != nil {
		return Accepted{}, err
	}
	return Accepted{
		TradeDate: d.dates.trade, SpotDate: d.dates.spot, Pair: d.pair.Name, Legs: d.legs(),
		SpotRate: d.spotWithin(spot), ReferenceRate: near, ReferenceAsOf: spot.AsOf, USDAmount: dollars,
	}, nil
}

// freshReference returns the spot reference rate, or a rejection if it is too old.
func (d *deal) freshReference() (pricing.Mid, error) {
	spot, err := d.market.Reference(d.pair)
	if err != nil {
		return spot, err
	}
	if age := d.now.Sub(spot.AsOf); age > d.pair.MaxRateAge {
		return spot, reject(reason.StaleRate, "the reference rate of %s is %s old (as of %s), above the bound of %s; send a new request later",
			d.pair.Name, age.Round(time.Second), instant(spot.AsOf), d.pair.MaxRateAge)
	}
	return spot, nil
}

// checkRates checks the decimals and the price of every leg, and returns the near leg's reference rate. A swap's far
// leg is judged by its points: its reference is the near leg's own rate plus the market's points.
func (d *deal) checkRates(spot pricing.Mid) (near decimal.Decimal, err error) {
	if near, err = d.reference(0); err != nil {
		return near, err
	}
	if err := d.checkRate(0, near, "the reference "+near.String(), spot.AsOf); err != nil {
		return near, err
	}
	for leg := 1; leg < len(d.terms); leg++ {
		market, err := d.reference(leg)
		if err != nil {
			return near, err
		}
		points := pricing.Points(near, market, d.pair.PointsFactor)
		far := pricing.Outright(d.terms[0].rate, points, d.pair.PointsFactor)
		basis := "the near rate plus the market's " + points.String() + " points, " + far.String()
		if err := d.checkRate(leg, far, basis, spot.AsOf); err != nil {
			return near, err
		}
	}
	return near, nil
}

// checkRate compares the rate of one leg with its reference. basis describes the reference in the refusal text.
func (d *deal) checkRate(leg int, reference decimal.Decimal, basis string, asOf time.Time) error {
	rate, date := d.terms[leg].rate, d.dates.value[leg]
	if most := d.rateDecimals(leg); !pricing.HasDecimals(rate, most) {
		return reject(reason.OverPrecise, "the rate %s of %s for %s has more than %d decimals", rate, d.pair.Name, date, most)
	}
	if !reference.IsPositive() {
		return reject(reason.OffMarket, "the near rate %s of %s plus the market's points is not positive for %s; check the near rate", d.terms[0].rate, d.pair.Name, date)
	}
	tolerance := d.tolerance(leg)
	deviation, allowed := tolerance.Deviation(rate, reference)
	if allowed {
		return nil
	}
	return reject(reason.OffMarket, "the rate %s of %s for %s differs by %s from %s (as of %s); the tolerance is %s: ask for a new price",
		rate, d.pair.Name, date, pricing.Percent(deviation), basis, instant(asOf), tolerance.Percent())
}

// spotWithin returns the spot part of the near leg's rate. If the leg settles on spot, that is its own rate; otherwise
// it is the reference rate, rounded half-up to the pair's decimals. The rest of an outright rate is its points.
func (d *deal) spotWithin(spot pricing.Mid) decimal.Decimal {
	if d.daysFromSpot(0) == 0 {
		return d.terms[0].rate
	}
	return spot.Rate.Round(d.pair.Decimals)
}

// reference is the market's rate for the leg's value date.
func (d *deal) reference(leg int) (decimal.Decimal, error) {
	return d.market.Forward(d.pair, d.dates.deal(), d.dates.value[leg])
}

func (d *deal) tolerance(leg int) pricing.Tolerance {
	tolerance := d.pair.Tolerance.At(d.daysFromSpot(leg))
	if d.request.Kind == Reported {
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

func (d *deal) daysFromSpot(leg int) int { return int(d.dates.value[leg] - d.dates.spot) }

func (d *deal) legs() []trade.Leg {
	legs := make([]trade.Leg, len(d.terms))
	for i, t := range d.terms {
		legs[i] = trade.Leg{
			ValueDate: d.dates.value[i], Base: d.pair.Base.Code, BaseSide: d.side[i], BaseAmount: t.base,
			Quote: d.pair.Quote.Code, QuoteAmount: t.quote, Rate: t.rate,
		}
	}
	return legs
}
