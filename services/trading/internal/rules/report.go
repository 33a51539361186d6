package rules

import (
	"errors"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/contract/reason"
	"fxcore/services/market"
	"fxcore/services/market/dating"
	"fxcore/services/market/pricing"
	"fxcore/services/trading/internal/trade"
)

// done returns the rule for a report: its dates are judged as of its own trade date, which is the pair's at the transaction
// time. The trade date that the report states may be the calendar day where the trade was done, so no date is counted from it.
func (d *deal) done() (dating.Rule, error) {
	at := d.request.TransactedAt
	if age := d.now.Sub(at); age > d.ReportAge {
		return dating.Rule{}, reject(reason.InvalidDate, "the trade was done at %s, more than %s ago, the most by which a report may be late; call the bank's operations",
			instant(at), d.ReportAge)
	}
	if stated := d.request.Reported.TradeDate; stated != "" {
		if err := d.checkTradeDate(stated, at); err != nil {
			return dating.Rule{}, err
		}
	}
	return dating.Done(d.pair, d.pair.TradeDate(at), d.Longest)
}

// checkTradeDate refuses a stated trade date that does not fit the transaction time. Where the trade was done the day may begin and
// roll at another hour, so the date may differ by one from ours, and be a Saturday or Sunday.
func (d *deal) checkTradeDate(text string, at time.Time) error {
	stated, err := fxdate.ParseDate(text)
	if err != nil {
		return reject(reason.InvalidDate, "the trade date %s is not a calendar date YYYY-MM-DD", quoted(text))
	}
	own, day := d.pair.TradeDate(at), fxdate.DateOf(at.UTC())
	if stated < min(fxdate.PreviousTradeDate(own), day.AddDays(-1)) || stated > max(own, day).AddDays(1) {
		return reject(reason.Contradiction, "the trade date %s does not fit the transaction time %s, whose trade date is %s", stated, instant(at), own)
	}
	return nil
}

// judgeReport compares the rates of a report with the market at its transaction time. A rate far from its reference is
// flagged, because the trade is a fact all the same. It is flagged, too, if nobody knows that market. What cannot be a rate is
// refused: where nobody knows that market, by the market now.
func (d *deal) judgeReport() (judged, error) {
	spot, references, err := d.referencesThen()
	if err != nil {
		return judged{}, err
	}
	if references == nil {
		d.flag(trade.NotJudged, 0, "no reference rate of "+d.pair.Name+" at "+instant(d.request.TransactedAt)+" is known")
		return judged{}, d.checkSenseNow()
	}
	if err := d.checkSense(spot, references); err != nil {
		return judged{}, err
	}
	missing := d.missingPoints()
	for leg, reference := range references {
		if d.needsPoints(leg) && missing != "" {
			d.flag(trade.NotJudged, leg, missing)
			continue
		}
		d.flagRate(leg, reference)
	}
	d.flagSpotRate(spot)
	if d.needsPoints(0) && missing != "" {
		return judged{spot: spot.Rate}, nil
	}
	return judged{spot: spot.Rate, reference: references[0].rate, asOf: spot.AsOf}, nil
}

// needsPoints says whether forward points are part of what a leg's rate is judged by: it settles away from spot, or, in a swap, the
// near leg does.
func (d *deal) needsPoints(leg int) bool { return d.daysFromSpot(leg) != 0 || d.daysFromSpot(0) != 0 }

// missingPoints says why the pair's points at the transaction time are not known; empty if they are. Interest parity is no substitute
// for points that the market quotes.
func (d *deal) missingPoints() string {
	asOf, err := d.then.PointsAsOf(d.pair)
	switch age := d.request.TransactedAt.Sub(asOf); {
	case err != nil:
		return "no forward points of " + d.pair.Name + " at " + instant(d.request.TransactedAt) + " are known"
	case !asOf.IsZero() && age > d.PointsAge:
		return "the forward points of " + d.pair.Name + " were " + age.Round(time.Second).String() + " old at " + instant(d.request.TransactedAt)
	}
	return ""
}

// referencesThen returns the references at the transaction time; none if nobody knows that market.
func (d *deal) referencesThen() (spot pricing.Mid, references []reference, err error) {
	if d.then == nil {
		return spot, nil, nil
	}
	spot, err = d.then.Reference(d.pair)
	gap := d.request.TransactedAt.Sub(spot.AsOf)
	if errors.Is(err, market.ErrNoData) || err == nil && gap.Abs() > d.pair.MaxRateAge {
		return spot, nil, nil
	}
	if err != nil {
		return spot, nil, err
	}
	references, err = d.references(d.then, spot, gap)
	return spot, references, err
}

// checkSenseNow is checkSense by the market now; nothing if it has no rate of the pair.
func (d *deal) checkSenseNow() error {
	spot, err := d.market.Reference(d.pair)
	if err != nil {
		return ignoreNoData(err)
	}
	references, err := d.references(d.market, spot, 0)
	if err != nil {
		return ignoreNoData(err)
	}
	return d.checkSense(spot, references)
}

// ignoreNoData returns nil for an error that says that data is missing.
func ignoreNoData(err error) error {
	if errors.Is(err, market.ErrNoData) {
		return nil
	}
	return err
}

// checkSense refuses a rate, or a spot rate, that cannot be one: it is off by more than a factor.
func (d *deal) checkSense(spot pricing.Mid, references []reference) error {
	for leg, r := range references {
		if err := d.sensible("rate", d.terms[leg].rate, r.rate); err != nil {
			return err
		}
	}
	if d.spotRate.IsPositive() {
		return d.sensible("spot rate", d.spotRate, spot.Rate)
	}
	return nil
}

func (d *deal) sensible(what string, rate, reference decimal.Decimal) error {
	if reference.IsPositive() && (rate.GreaterThan(reference.Mul(d.ReportBound)) || rate.Mul(d.ReportBound).LessThan(reference)) {
		return reject(reason.OffMarket, "the %s %s cannot be one of %s, whose reference is %s: it is off by more than a factor of %s; correct the report",
			what, rate, d.pair.Name, reference, d.ReportBound)
	}
	return nil
}

// flagSpotRate notes that the spot rate that a report states is far from the reference. For the spot date it is the rate, which is
// judged already.
func (d *deal) flagSpotRate(spot pricing.Mid) {
	if !d.spotRate.IsPositive() || d.daysFromSpot(0) == 0 {
		return
	}
	tolerance := d.widened(d.pair.Tolerance(d.request.TransactedAt.Sub(spot.AsOf)))
	if deviation, allowed := tolerance.Deviation(d.spotRate, spot.Rate); !allowed {
		d.flags = append(d.flags, trade.Flag{
			Name: trade.OffMarket, Leg: 1, Deviation: deviation,
			Text: "the spot rate " + d.spotRate.String() + " of " + d.pair.Name + " differs by " + pricing.Percent(deviation) + " from the reference " +
				spot.Rate.String() + " (as of " + instant(spot.AsOf) + "); the tolerance is " + tolerance.Percent(),
		})
	}
}

// flagRate notes a rate that is far from its reference.
func (d *deal) flagRate(leg int, r reference) {
	if !r.rate.IsPositive() {
		d.flag(trade.NotJudged, leg, "the near rate plus the market's points is not positive")
		return
	}
	if deviation, allowed := r.tolerance.Deviation(d.terms[leg].rate, r.rate); !allowed {
		d.flags = append(d.flags, trade.Flag{Name: trade.OffMarket, Leg: leg + 1, Deviation: deviation, Text: d.deviates(leg, deviation, r)})
	}
}

// flag notes something about a leg, counted from 0, that a person may want to look at.
func (d *deal) flag(name trade.FlagName, leg int, text string) {
	d.flags = append(d.flags, trade.Flag{Name: name, Leg: leg + 1, Text: text})
}
