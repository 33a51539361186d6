// Package calendar knows on which dates banks settle a currency: weekends (which may change by date), holidays with
// their names, and the joint calendar of several currencies. It is pure: the data is handed in.
package calendar

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"fxcore/services/contract/fxdate"
)

// Weekend is the set of weekly closing days that holds from a date on, until a later Weekend replaces it.
type Weekend struct {
	From fxdate.Date
	Days []time.Weekday
}

// Closure says why banks do not settle a currency on a date.
type Closure struct {
	Currency string
	Date     fxdate.Date
	Name     string // of the holiday; empty for a weekend
}

// Weekend tells whether the closure is a weekend rather than a holiday.
func (c Closure) Weekend() bool { return c.Name == "" }

// String says it for a person: "a holiday in USD (Thanksgiving Day)", "a Saturday, weekend in EUR".
func (c Closure) String() string {
	if c.Weekend() {
		return fmt.Sprintf("a %s, weekend in %s", c.Date.Weekday(), c.Currency)
	}
	return fmt.Sprintf("a holiday in %s (%s)", c.Currency, c.Name)
}

// Calendar holds the closing days of one currency. It is immutable.
type Calendar struct {
	currency string
	weekends []weekend // latest first
	holidays map[fxdate.Date]string
}

type weekend struct {
	from   fxdate.Date
	closed [7]bool
}

// New returns the calendar of a currency. A calendar without a weekend rule, or with one that leaves no day open, is an
// error: it is damaged data, and a guess would settle money on a closed day. Holidays without a name get a general one.
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

// IsWeekend tells whether d is a weekly closing day under the rule that holds on d.
func (c *Calendar) IsWeekend(d fxdate.Date) bool {
	for _, w := range c.weekends {
		if w.from <= d {
			return w.closed[d.Weekday()]
		}
	}
	return c.weekends[len(c.weekends)-1].closed[d.Weekday()] // before the first rule: the first one
}

// IsBusinessDay tells whether banks settle the currency on d.
func (c *Calendar) IsBusinessDay(d fxdate.Date) bool {
	_, closed := c.Closed(d)
	return !closed
}

// Closed returns why banks are closed on d, if they are. A holiday is named in preference to the weekend it falls on.
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
