package dating

import (
	"time"

	"fxcore/services/contract/fxdate"
	"fxcore/services/contract/reason"
)

// Settles refuses a value date that has passed, that is after the longest tenor, on which the pair cannot settle, or for which
// it is too late in one of its currencies.
func (r Rule) Settles(value fxdate.Date) error {
	if value < r.Today {
		return refuse(reason.PastDate, "the value date %s has passed: today's trade date is %s; ask for spot, %s, or later",
			value, r.Today, r.Deal.Spot)
	}
	longest, err := r.Pair.Dates.PeriodOf(r.Deal, r.Longest)
	if err != nil {
		return err
	}
	if value > longest.End {
		return refuse(reason.BeyondMaxTenor, "the value date %s is more than %s after spot, %s; the last one is %s",
			value, r.Longest, r.Deal.Spot, longest.End)
	}
	if closure, closed := r.Pair.Closed(value); closed {
		next, err := r.Pair.Dates.Joint().Following(value)
		if err != nil {
			return err
		}
		return refuse(reason.Holiday, "the value date %s is %s; the next good date is %s", value, closure, next)
	}
	return r.inTime(value)
}

// inTime refuses a value date on which a currency can no longer settle, because its cut-off has passed.
func (r Rule) inTime(value fxdate.Date) error {
	until, currency, late, err := r.late(value)
	if err != nil || !late {
		return err
	}
	earliest, err := r.earliest(value)
	if err != nil {
		return err
	}
	return refuse(reason.CutOffPassed, "%s could settle on %s until %s; the earliest value date of %s is now %s",
		currency, value, until.Format("2006-01-02 15:04 MST"), r.Pair.Name, earliest)
}

func (r Rule) late(value fxdate.Date) (until time.Time, currency string, late bool, err error) {
	if r.Now.IsZero() {
		return until, "", false, nil
	}
	until, currency, found, err := r.Pair.Deadline(value)
	return until, currency, found && r.Now.After(until), err
}

// earliest returns the first date after one for which it is too late, on which the pair settles and for which it is not too
// late. The search ends, because a cut-off lies a few days before its value date at most.
func (r Rule) earliest(tooLate fxdate.Date) (fxdate.Date, error) {
	for value := tooLate; ; {
		next, err := r.Pair.Dates.Joint().Next(value)
		if err != nil {
			return 0, err
		}
		_, _, late, err := r.late(next)
		if err != nil || !late {
			return next, err
		}
		value = next
	}
}
