// Package schedule tells when a session is open: on some days from one hour to another, or once a week, by the clock of
// the place that it is kept for. It is handed the time, and has none of its own.
package schedule

import (
	"time"
	_ "time/tzdata" // hours of a place must not depend on the machine's zone files
)

// Schedule is when a session is open. The zero value is: always. It is valid: see Spec.Schedule.
type Schedule struct {
	spec   Spec
	zone   *time.Location
	days   [7]bool // on which a period begins, by time.Weekday
	length int     // days from the begin to the end
	start  int     // seconds of the day
	end    int
}

// Period is one opening: Start is in it, End is not.
type Period struct{ Start, End time.Time }

// reach is how many days the search goes back or ahead: a period begins on one day of a week at least, and lasts no
// longer than one.
const reach = 15

// Always tells that there is no schedule.
func (s Schedule) Always() bool { return s.zone == nil }

// Same tells whether two schedules are the same.
func (s Schedule) Same(other Schedule) bool { return s.spec.text() == other.spec.text() }

// Open returns the period that an instant is in; false if it is in none, or if there is no schedule.
func (s Schedule) Open(at time.Time) (Period, bool) {
	last, begun := s.Last(at)
	return last, begun && at.Before(last.End)
}

// Last returns the latest period that has begun, over or not; false if there is no schedule.
func (s Schedule) Last(at time.Time) (Period, bool) {
	return s.search(at, -1, func(p Period) bool { return !p.Start.After(at) })
}

// Next returns the first period that begins later; false if there is no schedule.
func (s Schedule) Next(at time.Time) (Period, bool) {
	return s.search(at, 1, func(p Period) bool { return p.Start.After(at) })
}

// Change is the next instant at which the session opens, closes, or closes and opens at once. There is none without a
// schedule.
func (s Schedule) Change(at time.Time) (time.Time, bool) {
	if p, open := s.Open(at); open {
		return p.End, true
	}
	p, some := s.Next(at)
	return p.Start, some
}

// search goes through the days around an instant, in one direction, to the first period that is wanted.
func (s Schedule) search(at time.Time, step int, wanted func(Period) bool) (Period, bool) {
	if s.Always() {
		return Period{}, false
	}
	year, month, day := at.In(s.zone).Date()
	for i := -step; i != step*reach; i += step {
		first := time.Date(year, month, day+i, 0, 0, 0, 0, time.UTC)
		if p := s.from(first); s.days[first.Weekday()] && wanted(p) {
			return p, true
		}
	}
	return Period{}, false
}

// from is the period that begins on a day, which is given as its midnight in UTC.
func (s Schedule) from(day time.Time) Period {
	return Period{wall(day, s.start, s.zone), wall(day.AddDate(0, 0, s.length), s.end, s.zone)}
}

// wall is the instant at which the clocks of a place show a time of a day. Where they show it twice it is the first; where
// they skip it, it is the instant at which they are put forward.
func wall(day time.Time, second int, zone *time.Location) time.Time {
	shown := day.Add(time.Duration(second) * time.Second)
	before := shown.AddDate(0, 0, -1).In(zone)
	for _, around := range [...]time.Time{before, shown.AddDate(0, 0, 1).In(zone)} {
		_, offset := around.Zone()
		at := shown.Add(-time.Duration(offset) * time.Second).In(zone)
		if _, there := at.Zone(); there == offset {
			return at
		}
	}
	_, forward := before.ZoneBounds()
	return forward
}
