// Package calendar knows on which dates banks settle a currency: weekends (whose days may change over time), named
// holidays, and the joint calendar of several currencies. It is pure: the caller supplies the data.
package calendar

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"fxcore/services/contract/fxdate"
)

// Weekend is the set of weekdays on which banks are closed. It applies from the date From until a later Weekend
// replaces it.
type Weekend struct {
	From fxdate.Date
	Days []time.Weekday
}

// Closure is the reason why banks do not settle a currency on a date.
type Closure struct {
	Currency string
	Date     fxdate.Date
	Name     string // name of the holiday; empty for a weekend
}

// Weekend reports whether the closure is a weekend rather than a holiday.
func (c Closure) Weekend() bool { return c.Name == "" }

// String describes the closure for a person: "a holiday in USD (Thanksgiving Day)", "a Saturday, weekend in EUR".
func (c Closure) String() string {
	if c.Weekend() {
		return fmt.Sprintf("a %s, weekend in %s", c.Date.Weekday(), c.Currency)
	}
	return fmt.Sprintf("a holiday in %s (%s)", c.Currency, c.Name)
}

// Calendar holds the closing days of one currency. It is immutable, so goroutines may share it.
type Calendar struct {
	currency string
	weekends []weekend // latest first
	holidays map[fxdate.Date]string
}

type weekend struct {
	from   fxdate.Date
	closed [7]bool
}

// New returns the calendar of a currency. It returns an error if there is no weekend rule, or if a rule leaves no day
// open: the data is damaged, and a guess could settle money on a closed day. A holiday without a name is called "bank
// holiday".
func New(currency string, weekends []Weekend, holidays map[fxdate.Date]string) (*Calendar, error) {
	if len(weekends) == 0 {
		return nil, fmt.Errorf("calendar %s: no weekend rule", currency)
	}
	c := &Calendar{currency: currency, holidays: make(map[fxdate.Date]string, len(holidays))}
	for _, w := range weekends {
		rule, err := newWeekend(w)
		if err != nil {
			return nil, fmt.Errorf("calendar %s: %w", currency, err)
		}
		c.weekends = append(c.weekends, rule)
	}
	slices.SortFunc(c.weekends, func(a, b weekend) int { return int(b.from - a.from) })
	for date, name := range holidays {
		c.holidays[date] = named(name)
	}
	return c, nil
}

// Currency returns the ISO 4217 code.
func (c *Calendar) Currency() string { return c.currency }

// Holiday returns the name of the holiday on d, if there is one. Weekends are not holidays.
func (c *Calendar) Holiday(d fxdate.Date) (name string, ok bool) {
	name, ok = c.holidays[d]
	return name, ok
}

// IsWeekend reports whether d is a weekend day under the rule that applies on d.
func (c *Calendar) IsWeekend(d fxdate.Date) bool {
	for _, w := range c.weekends {
		if w.from <= d {
			return w.closed[d.Weekday()]
		}
	}
	return c.weekends[len(c.weekends)-1].closed[d.Weekday()] // d is before the first rule: the first rule applies
}

// IsBusinessDay reports whether banks settle the currency on d.
func (c *Calendar) IsBusinessDay(d fxdate.Date) bool {
	_, closed := c.Closed(d)
	return !closed
}

// Closed returns the reason why banks are closed on d, and false if they are open. A holiday on a weekend is reported
// as the holiday.
func (c *Calendar) Closed(d fxdate.Date) (Closure, bool) {
	if name, ok := c.holidays[d]; ok {
		return Closure{Currency: c.currency, Date: d, Name: name}, true
	}
	return Closure{Currency: c.currency, Date: d}, c.IsWeekend(d)
}

func newWeekend(w Weekend) (weekend, error) {
	rule := weekend{from: w.From}
	for _, day := range w.Days {
		rule.closed[day] = true
	}
	if !slices.Contains(rule.closed[:], false) {
		return rule, errors.New("a weekend of seven days")
	}
	return rule, nil
}

func named(holiday string) string {
	if holiday == "" {
		return "bank holiday"
	}
	return holiday
}
