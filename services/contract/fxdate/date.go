package fxdate

import (
	"fmt"
	"time"
)

// Date is a civil date, stored as the number of days since 1970-01-01. It has no time zone. Dates are comparable and
// ordered by <; date arithmetic is integer arithmetic. The zero Date (1970-01-01) means "no date": no trade of this
// system can have it.
type Date int32

const (
	secondsPerDay = 24 * 60 * 60
	layout        = "2006-01-02"
)

// NewDate returns the date of a year, month and day. It normalises a month or day that is out of range, as time.Date
// does.
func NewDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// DateOf returns the civil date of at, in at's own location.
func DateOf(at time.Time) Date {
	year, month, day := at.Date()
	return NewDate(year, month, day)
}

// ParseDate parses an ISO 8601 calendar date, "2026-11-26". It returns an error for a day that does not exist, such as
// 2026-02-30.
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

// IsZero reports whether d is the zero Date, which means "no date".
func (d Date) IsZero() bool { return d == 0 }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday {
	const epoch = int(time.Thursday) // 1970-01-01
	return time.Weekday(((int(d)+epoch)%7 + 7) % 7)
}

// AddDays returns the date n calendar days later; n may be negative.
func (d Date) AddDays(n int) Date { return d + Date(n) }

// AddMonths returns the same day n calendar months later. If that month has no such day, it returns the month's last
// day.
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

// SameMonth reports whether both dates lie in the same month of the same year.
func (d Date) SameMonth(other Date) bool { return d.EndOfMonth() == other.EndOfMonth() }
