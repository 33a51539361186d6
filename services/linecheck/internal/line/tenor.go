package line

import (
	"time"

	"fxcore/services/contract/fxdate"
)

// A line check may have a tenor instead of a value date. linecheck uses no holiday calendar for it, so the value date may
// differ by a day or two. The trade itself brings the exact date later.

// SpotDate returns the lag-th weekday after the trade date, at midnight UTC. It ignores holidays.
func SpotDate(tradeDate time.Time, lag int) time.Time {
	d := fxdate.DateOf(tradeDate)
	for range lag {
		d = weekday(d.AddDays(1))
	}
	return d.Time()
}

// ValueDate returns the end of a tenor, or spot if the tenor is empty. TOD, TOM and ON are counted from the trade date,
// all others from spot. Months end on the same day, or on the last day of a shorter month. A date on a weekend moves to
// Monday. All dates are midnight UTC. The error lists the tenors that are accepted.
func ValueDate(tradeDate, spot time.Time, tenor string) (time.Time, error) {
	if tenor == "" {
		return spot, nil
	}
	t, err := fxdate.ParseTenor(tenor)
	if err != nil {
		return time.Time{}, err
	}
	return endOf(t, fxdate.DateOf(tradeDate), fxdate.DateOf(spot)).Time(), nil
}

func endOf(t fxdate.Tenor, tradeDate, spot fxdate.Date) fxdate.Date {
	switch t.Unit {
	case fxdate.Today:
		return tradeDate
	case fxdate.Tomorrow, fxdate.Overnight:
		return weekday(tradeDate.AddDays(1))
	case fxdate.TomorrowNext, fxdate.Spot:
		return spot
	case fxdate.SpotNext:
		return weekday(spot.AddDays(1))
	case fxdate.Days:
		return weekday(spot.AddDays(t.Count))
	case fxdate.Weeks:
		return weekday(spot.AddDays(7 * t.Count))
	case fxdate.Months:
		return weekday(spot.AddMonths(t.Count))
	default:
		return thirdWednesday(spot, t.Count)
	}
}

// thirdWednesday returns the n-th IMM date after d: the third Wednesday of March, June, September or December.
func thirdWednesday(d fxdate.Date, n int) fxdate.Date {
	year, month, _ := d.Time().Date()
	for quarterEnd := (month + 2) / 3 * 3; ; quarterEnd += 3 {
		first := fxdate.NewDate(year, quarterEnd, 1)
		date := first.AddDays(int(time.Wednesday-first.Weekday()+7)%7 + 14)
		if date > d {
			n--
		}
		if n == 0 {
			return date
		}
	}
}

func weekday(d fxdate.Date) fxdate.Date {
	for d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		d = d.AddDays(1)
	}
	return d
}
