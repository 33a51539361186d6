package valuedate

import (
	"errors"
	"fmt"
	"time"

	"fxcore/services/trading/internal/calendar"
)

// ErrNoSuchTenor says that the tenor does not exist for the pair or on the day: TN of a pair whose spot is tomorrow.
var ErrNoSuchTenor = errors.New("no such tenor")

// Period is where a tenor begins and ends. An outright settles at its end; a swap of that tenor has its near leg at the
// start and its far leg at the end.
type Period struct{ Start, End calendar.Date }

// Period returns the dates of a tenor for a trade date. ON and TN are counted from the trade date, everything else from
// spot. Errors: ErrNoSuchTenor, calendar.ErrNoBusinessDay.
func (p Pair) Period(trade calendar.Date, t Tenor) (Period, error) {
	spotDate, err := p.Spot(trade)
	if err != nil {
		return Period{}, err
	}
	switch t.unit {
	case today, tomorrow, overnight, tomorrowNext:
		return p.beforeSpot(trade, spotDate, t)
	case spot:
		return Period{Start: spotDate, End: spotDate}, nil
	case spotNext:
		end, err := p.joint.Next(spotDate)
		return Period{Start: spotDate, End: end}, err
	default:
		end, err := p.afterSpot(spotDate, t)
		return Period{Start: spotDate, End: end}, err
	}
}

func (p Pair) beforeSpot(trade, spotDate calendar.Date, t Tenor) (Period, error) {
	next, err := p.joint.Next(trade)
	if err != nil {
		return Period{}, err
	}
	switch t.unit {
	case tomorrow:
		return Period{Start: next, End: next}, nil
	case tomorrowNext:
		if next >= spotDate {
			return Period{}, fmt.Errorf("%w: TN, as tomorrow %s is spot", ErrNoSuchTenor, next)
		}
		return Period{Start: next, End: spotDate}, nil
	default: // TOD and ON begin on the trade date
		if closure, closed := p.joint.Closed(trade); closed {
			return Period{}, fmt.Errorf("%w: %s, as the trade date %s is %s", ErrNoSuchTenor, t, trade, closure)
		}
		if t.unit == today {
			next = trade
		}
		return Period{Start: trade, End: next}, nil
	}
}

// afterSpot moves spot by days or weeks (Following), by months (Modified Following, end-end) or to an IMM date
// (Following).
func (p Pair) afterSpot(spotDate calendar.Date, t Tenor) (calendar.Date, error) {
	switch t.unit {
	case days:
		return p.joint.Following(spotDate.AddDays(t.count))
	case weeks:
		return p.joint.Following(spotDate.AddDays(7 * t.count))
	case imm:
		return p.joint.Following(thirdWednesday(spotDate, t.count))
	default:
		return p.addMonths(spotDate, t.count)
	}
}

// addMonths applies the end-end rule: from the last business day of a month to the last business day of a month.
func (p Pair) addMonths(spotDate calendar.Date, n int) (calendar.Date, error) {
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
func thirdWednesday(d calendar.Date, n int) calendar.Date {
	year, month, _ := d.Time().Date()
	for quarter := (month + 2) / 3 * 3; ; quarter += 3 {
		first := calendar.NewDate(year, quarter, 1)
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
