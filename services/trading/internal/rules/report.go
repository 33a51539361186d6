package rules

import (
	"errors"
	"time"

	"fxcore/services/contract/fxdate"
	"fxcore/services/contract/reason"
	"fxcore/services/market"
	"fxcore/services/market/dating"
	"fxcore/services/trading/internal/trade"
)

// done returns the rule for a report: its dates are judged as of its own trade date. The report may state that date;
// otherwise it is the pair's at the transaction time.
func (d *deal) done() (dating.Rule, error) {
	at := d.request.TransactedAt
	if age := d.now.Sub(at); age > d.ReportAge {
		return dating.Rule{}, reject(reason.InvalidDate, "the trade was done at %s, more than %s ago, the most by which a report may be late; call the bank's operations",
			instant(at), d.ReportAge)
	}
	date := d.pair.TradeDate(at)
	if stated := d.request.Reported.TradeDate; stated != "" {
		var err error
		if date, err = d.statedTradeDate(stated, at); err != nil {
			return dating.Rule{}, err
		}
	}
	return dating.Done(d.pair, date, d.Longest)
}

// statedTradeDate reads the trade date of a report. Where the trade was done the day may roll at another hour, so the date
// may differ by one from ours. A Saturday or Sunday belongs to Monday, as every trade date.
func (d *deal) statedTradeDate(text string, at time.Time) (fxdate.Date, error) {
	stated, err := fxdate.ParseDate(text)
	if err != nil {
		return 0, reject(reason.InvalidDate, "the trade date %s is not a calendar date YYYY-MM-DD", quoted(text))
	}
	own, day := d.pair.TradeDate(at), fxdate.DateOf(at.UTC())
	if stated < min(fxdate.PreviousTradeDate(own), day.AddDays(-1)) || stated > max(own, day).AddDays(1) {
		return 0, reject(reason.Contradiction, "the trade date %s does not fit the transaction time %s, whose trade date is %s", stated, instant(at), own)
	}
	for stated.Weekday() == time.Saturday || stated.Weekday() == time.Sunday {
		stated = stated.AddDays(1)
	}
	return stated, nil
}

// judgeReport compares the rates of a report with the market at its transaction time. A rate far from its reference is
// flagged, because the trade is a fact all the same. It is flagged, too, if nobody knows that market.
func (d *deal) judgeReport() (judged, error) {
	unknown := "no reference rate of " + d.pair.Name + " at " + instant(d.request.TransactedAt) + " is known"
	if d.then == nil {
		d.flag(trade.NotJudged, 0, unknown)
		return judged{}, nil
	}
	spot, err := d.then.Reference(d.pair)
	if errors.Is(err, market.ErrNoData) {
		d.flag(trade.NotJudged, 0, unknown)
		return judged{}, nil
	}
	if err != nil {
		return judged{}, err
	}
	if spot.AsOf.Sub(d.request.TransactedAt).Abs() > d.pair.MaxRateAge {
		d.flag(trade.NotJudged, 0, unknown)
		return judged{}, nil
	}
	references, err := d.references(d.then, spot, d.request.TransactedAt.Sub(spot.AsOf))
	if err != nil {
		return judged{}, err
	}
	for leg, reference := range references {
		d.flagRate(leg, reference)
	}
	return judged{spot: spot.Rate, reference: references[0].rate, asOf: spot.AsOf}, nil
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
