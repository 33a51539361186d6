package calendar

import (
	"errors"
	"fmt"

	"fxcore/services/contract/fxdate"
)

// ErrNoBusinessDay says that no common business day was found within maxClosedDays: damaged calendar data.
var ErrNoBusinessDay = errors.New("no common business day")

// maxClosedDays bounds every search for a business day. The longest real closure is about two weeks (Lunar New Year
// joined to another currency's holidays).
const maxClosedDays = 62

// Joint is the calendar on which all of several currencies settle.
type Joint []*Calendar

// Closed returns the first reason why one of the currencies does not settle on d.
func (j Joint) Closed(d fxdate.Date) (Closure, bool) {
	for _, c := range j {
		if closure, closed := c.Closed(d); closed {
			return closure, true
		}
	}
	return Closure{}, false
}

// IsBusinessDay tells whether every currency settles on d.
func (j Joint) IsBusinessDay(d fxdate.Date) bool {
	_, closed := j.Closed(d)
	return !closed
}

// Following returns d, or the first common business day after it.
func (j Joint) Following(d fxdate.Date) (fxdate.Date, error) { return j.search(d, +1) }

// Preceding returns d, or the last common business day before it.
func (j Joint) Preceding(d fxdate.Date) (fxdate.Date, error) { return j.search(d, -1) }

// Next returns the first common business day after d.
func (j Joint) Next(d fxdate.Date) (fxdate.Date, error) { return j.search(d.AddDays(1), +1) }

// ModifiedFollowing returns the following business day, or the preceding one where that would leave the month.
func (j Joint) ModifiedFollowing(d fxdate.Date) (fxdate.Date, error) {
	following, err := j.Following(d)
	if err != nil || following.SameMonth(d) {
		return following, err
	}
	return j.Preceding(d)
}

// LastOfMonth returns the last common business day of d's month.
func (j Joint) LastOfMonth(d fxdate.Date) (fxdate.Date, error) { return j.Preceding(d.EndOfMonth()) }

func (j Joint) search(d fxdate.Date, step int) (fxdate.Date, error) {
	for n := range maxClosedDays {
		if candidate := d.AddDays(n * step); j.IsBusinessDay(candidate) {
			return candidate, nil
		}
	}
	return 0, fmt.Errorf("%w within %d days of %s", ErrNoBusinessDay, maxClosedDays, d)
}
