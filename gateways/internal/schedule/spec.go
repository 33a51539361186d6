package schedule

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Spec is a schedule as it is written: {"zone": "America/New_York", "start": "17:05", "end": "17:00"} for one period that
// begins on each day, or on those in days; with start_day and end_day for one period a week.
type Spec struct {
	Zone     string   `json:"zone"`
	Start    string   `json:"start"`
	End      string   `json:"end"`
	Days     []string `json:"days,omitempty"`
	StartDay string   `json:"start_day,omitempty"`
	EndDay   string   `json:"end_day,omitempty"`
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func (s Spec) text() string { return fmt.Sprintf("%q", s) }

// Schedule returns the schedule that is written. An end that is not later than the start is on the next day, or in the
// next week. The error names each faulty key.
func (s Spec) Schedule() (Schedule, error) {
	var faults []error
	note := func(key string, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", key, err))
		}
	}
	made := Schedule{spec: s}
	var err error
	made.zone, err = place(s.Zone)
	note("zone", err)
	made.start, err = clock(s.Start)
	note("start", err)
	made.end, err = clock(s.End)
	note("end", err)
	note("days", made.begin(s))
	if len(faults) > 0 {
		return Schedule{}, errors.Join(faults...)
	}
	return made, nil
}

// begin reads on which days a period begins, and how many days later it ends.
func (s *Schedule) begin(from Spec) error {
	if from.StartDay != "" || from.EndDay != "" {
		return s.weekly(from)
	}
	days := from.Days
	if len(days) == 0 {
		days = weekdays
	}
	for _, name := range days {
		day, err := weekday(name)
		if err != nil {
			return err
		}
		s.days[day] = true
	}
	if s.end <= s.start {
		s.length = 1
	}
	return nil
}

func (s *Schedule) weekly(from Spec) error {
	first, err := weekday(from.StartDay)
	last, wrong := weekday(from.EndDay)
	if err = errors.Join(err, wrong); err != nil {
		return err
	}
	if len(from.Days) > 0 {
		return errors.New("either days, or start_day and end_day")
	}
	s.days[first] = true
	s.length = (last - first + 7) % 7
	if s.length == 0 && s.end <= s.start {
		s.length = 7
	}
	return nil
}

func place(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, errors.New("missing: a place such as Europe/London, or UTC")
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("%q is not a place such as Europe/London, or UTC", name)
	}
	return zone, nil
}

func weekday(name string) (int, error) {
	if i := slices.Index(weekdays, name); i >= 0 {
		return i, nil
	}
	return 0, fmt.Errorf("%q is not one of %s", name, strings.Join(weekdays, ", "))
}

// clock reads 17:00 or 17:00:30 as seconds of the day.
func clock(text string) (int, error) {
	for _, layout := range [...]string{"15:04", "15:04:05"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.Hour()*3600 + at.Minute()*60 + at.Second(), nil
		}
	}
	return 0, fmt.Errorf("%q is not a time such as 17:00 or 17:00:30", text)
}
