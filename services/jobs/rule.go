package jobs

import (
	"errors"
	"fmt"
	"time"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market/hours"
)

// Rule returns the first due time after an instant. An error says that it cannot be known now, for example because a calendar
// is missing: the job then waits, and the service warns.
type Rule func(after time.Time) (time.Time, error)

// Every is due at every multiple of the interval since the year 1, UTC: each full second, each full minute.
func Every(interval time.Duration) Rule {
	return func(after time.Time) (time.Time, error) {
		return after.UTC().Truncate(interval).Add(interval), nil
	}
}

// Open tells whether a job is due on a date. An error says that it cannot be known now.
type Open func(fxdate.Date) (bool, error)

// maxClosedDays bounds the search for the next open date. It is longer than any closure of a currency.
const maxClosedDays = 62

// errAlwaysClosed says that a calendar is damaged.
var errAlwaysClosed = errors.New("no open day")

// Daily is due at a time of day on every open date. A nil Open is every date.
func Daily(at hours.TimeOfDay, open Open) Rule {
	return func(after time.Time) (time.Time, error) {
		first := fxdate.DateOf(after.UTC()).AddDays(-1) // no place is a day behind UTC
		for n := range maxClosedDays {
			date := first.AddDays(n)
			due := at.On(date)
			if !due.After(after) {
				continue
			}
			is, err := isOpen(open, date)
			if err != nil {
				return time.Time{}, fmt.Errorf("is %s open: %w", date, err)
			}
			if is {
				return due.UTC(), nil
			}
		}
		return time.Time{}, fmt.Errorf("%w within %d days of %s", errAlwaysClosed, maxClosedDays, first)
	}
}

func isOpen(open Open, date fxdate.Date) (bool, error) {
	if open == nil {
		return true, nil
	}
	return open(date)
}
