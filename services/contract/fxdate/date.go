package fxdate

import (
	"fmt"
	"time"
)

// Date is a civil date: the number of days since 1970-01-01. It has no time zone, is comparable, ordered by <, and its
// arithmetic is integer arithmetic. The zero Date is 1970-01-01, on which no trade of this system can lie: it means "none".
type Date int32

const (
	secondsPerDay = 24 * 60 * 60
	layout        = "2006-01-02"
)

// NewDate returns the date of a year, month and day; out-of-range months and days are carried as time.Date does.
func NewDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// DateOf returns the civil date that the wall clock of at's own location shows.
func DateOf(at time.Time) Date {
	year, month, day := at.Date()
	return NewDate(year, month, day)
}

// ParseDate reads an ISO 8601 calendar date, "2026-11-26". A day that does not exist (2026-02-30) is an error.
func ParseDate(text string) (Date, error) {
	at, err := time.Parse(layout, text)
	if err != nil {
		return 0, fmt.Errorf("date %q is not a calendar date YYYY-MM-DD", text)
	}
	return DateOf(at), nil
}

// Time returns midnight UTC of the date.
func (d Date) Time() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// String returns the ISO 8601 form, "2026-11-26".
func (d Date) String() string { return d.Time().Format(layout) }

// IsZero tells whether the date is "none".
func (d Date) IsZero() bool { return d == 0 }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday {
	const epoch = int(time.Thursday) // 1970-01-01
	return time.Weekday(((int(d)+epoch)%7 + 7) % 7)
}

// AddDays returns the date n calendar days later; n may be negative.
func (d Date) AddDays(n int) Date { return d + Date(n) }

// AddMonths returns the same day n calendar months later, or that month's last day where the day does not exist.
func (d Date) AddMonths(n int) Date {
	year, month, day := d.Time().Date()
	first := NewDate(year, month+time.Month(n), 1)
	return min(first.AddDays(day-1), first.EndOfMonth())
}

// EndOfMonth returns the last calendar day of the date's month.
func (d Date) EndOfMonth() Date {
	year, month, _ := d.Time().Date()
	return NewDate(year, month+1, 0)
}

// SameMonth tells whether both dates lie in one month of one year.
func (d Date) SameMonth(other Date) bool { return d.EndOfMonth() == other.EndOfMonth() }
