package event

import (
	"math"
	"strconv"
	"time"
)

// Day is the number of a day since 1970-01-01. Every id begins with one, the day of its story, in its first 16 bits. So
// ids of one day are neighbours in every index, and a table can be kept in one part a day (lambda/postgres/daily).
type Day uint16

// DayOf returns the UTC day of an instant. What lies before 1970 is on its first day, what lies after 2149 on the last one.
func DayOf(t time.Time) Day {
	const seconds = 24 * 60 * 60
	switch day := t.Unix() / seconds; {
	case day < 0:
		return 0
	case day > math.MaxUint16:
		return math.MaxUint16
	default:
		return Day(day)
	}
}

// DayOfID returns the day with which an id begins. It returns 0 if the text does not have a UUID's length, or does not
// begin with four hex digits.
func DayOfID(id string) Day {
	if len(id) != textLength {
		return 0
	}
	day, err := strconv.ParseUint(id[:4], 16, 16)
	if err != nil {
		return 0
	}
	return Day(day)
}

// Begin returns the first instant of the day, UTC.
func (d Day) Begin() time.Time { return time.Unix(0, 0).UTC().AddDate(0, 0, int(d)) }

// FirstID returns the lowest UUID that begins with the day. Ids of the day lie from it on and below the next day's.
func (d Day) FirstID() string {
	hexadecimal := strconv.FormatUint(uint64(d)|1<<16, 16)[1:] // four digits
	return hexadecimal + "0000-0000-0000-0000-000000000000"
}
