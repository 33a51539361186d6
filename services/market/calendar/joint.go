package calendar

import (
	"errors"
	"fmt"

	"fxcore/services/contract/fxdate"
)

// ErrNoBusinessDay means that a search found no common business day within maxClosedDays: the calendar data is damaged.
var ErrNoBusinessDay = errors.New("no common business day")

// maxClosedDays bounds every search for a business day. The longest real closure is about two weeks (Lunar New Year
// followed by holidays of another currency).
const maxClosedDays = 62

// Joint is the joint calendar of several currencies: a business day is a day on which all of them settle.
type Joint []*Calendar

// Closed returns the closure of the first currency that does not settle on d, and false if all settle.
func (j Joint) Closed(d fxdate.Date) (Closure, bool) {
	for _, c := range j {
		if closure, closed := c.Closed(d); closed {
			return closure, true
		}
	}
	return Closure{}, false
}

// IsBusinessDay reports whether every currency settles on d.
func (j Joint) IsBusinessDay(d fxdate.Date) bool {
	_, closed := j.Closed(d)
	return !closed
}

// Following returns d if it is a common business day, or the first one after d. Error: ErrNoBusinessDay.
func (j Joint) Following(d fxdate.Date) (fxdate.Date, error) { return j.search(d, +1) }

// Preceding returns d if it is a common business day, or the last one before d. Error: ErrNoBusinessDay.
func (j Joint) Preceding(d fxdate.Date) (fxdate.Date, error) { return j.search(d, -1) }

// Next returns the first common business day after d. Error: ErrNoBusinessDay.
func (j Joint) Next(d fxdate.Date) (fxdate.Date, error) { return j.search(d.AddDays(1), +1) }

// ModifiedFollowing returns the following business day, or the preceding one if the following one is in another month.
// Error: ErrNoBusinessDay.
func (j Joint) ModifiedFollowing(d fxdate.Date) (fxdate.Date, error) {
	following, err := j.Following(d)
	if err != nil || following.SameMonth(d) {
		return following, err
	}
	return j.Preceding(d)
}

// LastOfMonth returns the last common business day of d's month. Error: ErrNoBusinessDay.
func (j Joint) LastOfMonth(d fxdate.Date) (fxdate.Date, error) { return j.Preceding(d.EndOfMonth()) }

func (j Joint) search(d fxdate.Date, step int) (fxdate.Date, error) {
	for n := range maxClosedDays {
		if candidate := d.AddDays(n * step); j.IsBusinessDay(candidate) {
			return candidate, nil
		}
	}
	return 0, fmt.Errorf("%w within %d days of %s", ErrNoBusinessDay, maxClosedDays, d)
}
