package hours

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market/calendar"
)

// CutOff is the latest time at which a payment in a currency can still be made for a value date: at a time of day, so many
// business days of the currency before the value date (0: on the value date itself). It holds for value dates from a date on
// until a later CutOff replaces it.
type CutOff struct {
	From       fxdate.Date
	DaysBefore int
	At         TimeOfDay
}

// maxDaysBefore bounds how many business days a cut-off may lie before the value date.
const maxDaysBefore = 5

// CutOffs are the cut-offs of one currency, latest first. A currency without any can settle until its value date is over.
type CutOffs []CutOff

// NewCutOffs sorts the cut-offs of a currency. It refuses one that lies after its value date or many days before it.
func NewCutOffs(cutOffs ...CutOff) (CutOffs, error) {
	for _, c := range cutOffs {
		if c.DaysBefore < 0 || c.DaysBefore > maxDaysBefore {
			return nil, fmt.Errorf("cut-off %d business days before the value date is not within 0 and %d", c.DaysBefore, maxDaysBefore)
		}
		if c.At.zone == nil {
			return nil, errors.New("cut-off without a time of day")
		}
	}
	sorted := slices.Clone(cutOffs)
	slices.SortFunc(sorted, func(a, b CutOff) int { return int(b.From - a.From) })
	return sorted, nil
}

// For returns the cut-off that holds for a value date, and false if there is none.
func (c CutOffs) For(value fxdate.Date) (CutOff, bool) {
	for _, cutOff := range c {
		if cutOff.From <= value {
			return cutOff, true
		}
	}
	return CutOff{}, false
}

// Deadline returns the last instant at which the currency can still settle on a value date. Error:
// calendar.ErrNoBusinessDay.
func (c CutOff) Deadline(currency *calendar.Calendar, value fxdate.Date) (time.Time, error) {
	day, err := c.day(currency, value)
	return c.At.On(day), err
}

// Opening returns the instant at which the day of the cut-off begins in its place: payments for the value date can be made
// from then on. Error: calendar.ErrNoBusinessDay.
func (c CutOff) Opening(currency *calendar.Calendar, value fxdate.Date) (time.Time, error) {
	day, err := c.day(currency, value)
	return TimeOfDay{zone: c.At.zone}.On(day), err
}

// day returns the day of the cut-off for a value date.
func (c CutOff) day(currency *calendar.Calendar, value fxdate.Date) (fxdate.Date, error) {
	for range c.DaysBefore {
		earlier, err := calendar.Joint{currency}.Preceding(value.AddDays(-1))
		if err != nil {
			return 0, err
		}
		value = earlier
	}
	return value, nil
}
