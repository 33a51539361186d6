package valuedate

import (
	"errors"
	"fmt"
	"time"

	"fxcore/services/contract/fxdate"
)

// ErrNoSuchTenor means that the tenor does not exist for the pair or on the trade date, such as TN of a pair whose spot
// date is tomorrow.
var ErrNoSuchTenor = errors.New("no such tenor")

// Period is the start and the end of a tenor. An outright settles at the end. A swap has its near leg at the start and
// its far leg at the end.
type Period struct{ Start, End fxdate.Date }

// Dates are the two dates that all others of a deal are counted from.
type Dates struct{ Trade, Spot fxdate.Date }

// On returns the dates of a deal that is done on a trade date. Error: calendar.ErrNoBusinessDay.
func (p Pair) On(trade fxdate.Date) (Dates, error) {
	spotDate, err := p.Spot(trade)
	return Dates{Trade: trade, Spot: spotDate}, err
}

// Period returns the dates of a tenor for a trade date. ON and TN are counted from the trade date, everything else from
// spot. Errors: ErrNoSuchTenor, calendar.ErrNoBusinessDay.
func (p Pair) Period(trade fxdate.Date, t fxdate.Tenor) (Period, error) {
	deal, err := p.On(trade)
	if err != nil {
		return Period{}, err
	}
	return p.PeriodOf(deal, t)
}

// PeriodOf is Period for a deal whose spot date is known.
func (p Pair) PeriodOf(deal Dates, t fxdate.Tenor) (Period, error) {
	a := p.known.Get(asked{deal, t.Unit, t.Count}, func() (a answer) {
		a.period, a.err = p.periodOf(deal, t)
		return a
	})
	return a.period, a.err
}

func (p Pair) periodOf(deal Dates, t fxdate.Tenor) (Period, error) {
	spotDate := deal.Spot
	switch t.Unit {
	case fxdate.Today, fxdate.Tomorrow, fxdate.Overnight, fxdate.TomorrowNext:
		return p.beforeSpot(deal.Trade, spotDate, t)
	case fxdate.Spot:
		return Period{Start: spotDate, End: spotDate}, nil
	case fxdate.SpotNext:
		end, err := p.joint.Next(spotDate)
		return Period{Start: spotDate, End: end}, err
	default:
		end, err := p.afterSpot(spotDate, t)
		return Period{Start: spotDate, End: end}, err
	}
}

func (p Pair) beforeSpot(trade, spotDate fxdate.Date, t fxdate.Tenor) (Period, error) {
	next, err := p.joint.Next(trade)
	if err != nil {
		return Period{}, err
	}
	switch t.Unit {
	case fxdate.Tomorrow:
		return Period{Start: next, End: next}, nil
	case fxdate.TomorrowNext:
		if next >= spotDate {
			return Period{}, fmt.Errorf("%w: TN, because tomorrow %s is spot", ErrNoSuchTenor, next)
		}
		return Period{Start: next, End: spotDate}, nil
	default: // TOD and ON begin on the trade date
		if closure, closed := p.joint.Closed(trade); closed {
			return Period{}, fmt.Errorf("%w: %s, because the trade date %s is %s", ErrNoSuchTenor, t, trade, closure)
		}
		if t.Unit == fxdate.Today {
			next = trade
		}
		return Period{Start: trade, End: next}, nil
	}
}

// afterSpot returns the end of a tenor after spot. Days, weeks and IMM dates move by Following; months move by Modified
// Following with the end-end rule.
func (p Pair) afterSpot(spotDate fxdate.Date, t fxdate.Tenor) (fxdate.Date, error) {
	switch t.Unit {
	case fxdate.Days:
		return p.joint.Following(spotDate.AddDays(t.Count))
	case fxdate.Weeks:
		return p.joint.Following(spotDate.AddDays(7 * t.Count))
	case fxdate.IMM:
		return p.joint.Following(thirdWednesday(spotDate, t.Count))
	default:
		return p.addMonths(spotDate, t.Count)
	}
}

// addMonths adds n months. By the end-end rule, the last business day of a month leads to the last business day of a
// month.
func (p Pair) addMonths(spotDate fxdate.Date, n int) (fxdate.Date, error) {
	last, err := p.joint.LastOfMonth(spotDate)
	if err != nil {
		return 0, err
	}
	target := spotDate.AddMonths(n)
	if spotDate == last {
		return p.joint.LastOfMonth(target)
	}
	return p.joint.ModifiedFollowing(target)
}

// thirdWednesday returns the n-th quarterly IMM date after d.
func thirdWednesday(d fxdate.Date, n int) fxdate.Date {
	year, month, _ := d.Time().Date()
	for quarter := (month + 2) / 3 * 3; ; quarter += 3 {
		first := fxdate.NewDate(year, quarter, 1)
		toWednesday := (int(time.Wednesday-first.Weekday()) + 7) % 7
		date := first.AddDays(toWednesday + 14)
		if date > d {
			n--
		}
		if n == 0 {
			return date
		}
	}
}
