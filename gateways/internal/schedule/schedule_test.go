package schedule

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func made(t interface {
	Helper()
	Fatal(args ...any)
}, s Spec,
) Schedule {
	t.Helper()
	schedule, err := s.Schedule()
	if err != nil {
		t.Fatal(err)
	}
	return schedule
}

func utc(text string) time.Time {
	at, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return at
}

var (
	daily     = Spec{Zone: "America/New_York", Start: "17:05", End: "17:00"}
	week      = Spec{Zone: "America/New_York", Start: "17:00", End: "17:00", StartDay: "sun", EndDay: "fri"}
	london    = Spec{Zone: "Europe/London", Start: "22:05", End: "22:00", StartDay: "sat", EndDay: "sat"}
	seamless  = Spec{Zone: "America/New_York", Start: "17:00", End: "17:00"}
	officeDay = Spec{Zone: "Europe/London", Start: "07:00", End: "18:30", Days: []string{"mon", "tue", "wed", "thu", "fri"}}
	skipped   = Spec{Zone: "America/New_York", Start: "02:30", End: "23:00"}
	twice     = Spec{Zone: "Europe/London", Start: "01:30", End: "23:00"}
)

// In 2026 New York's clocks go forward on 8 March and back on 1 November at 02:00, London's on 29 March at 01:00 and on
// 25 October at 02:00 (the IANA time zone database).
func TestPeriodsFollowTheClocksOfTheirPlace(t *testing.T) {
	for _, test := range []struct {
		name, at, start, end string // UTC
		spec                 Spec
		open                 bool
	}{
		{"a winter's day", "2026-01-14 12:00", "2026-01-13 22:05", "2026-01-14 22:00", daily, true},
		{"the break of the day", "2026-01-14 22:03", "2026-01-13 22:05", "2026-01-14 22:00", daily, false},
		{"a summer's day", "2026-07-14 12:00", "2026-07-13 21:05", "2026-07-14 21:00", daily, true},
		{"over New York's step forward", "2026-03-08 12:00", "2026-03-07 22:05", "2026-03-08 21:00", daily, true},
		{"over New York's step back", "2026-11-01 12:00", "2026-10-31 21:05", "2026-11-01 22:00", daily, true},
		{"the week in winter", "2026-01-14 12:00", "2026-01-11 22:00", "2026-01-16 22:00", week, true},
		{"the week end", "2026-01-17 12:00", "2026-01-11 22:00", "2026-01-16 22:00", week, false},
		{"the week that begins with the step", "2026-03-10 12:00", "2026-03-08 21:00", "2026-03-13 21:00", week, true},
		{"London's week over its step forward", "2026-03-29 12:00", "2026-03-28 22:05", "2026-04-04 21:00", london, true},
		{"London's week over its step back", "2026-10-25 12:00", "2026-10-24 21:05", "2026-10-31 22:00", london, true},
		{"between London's weeks", "2026-10-31 22:03", "2026-10-24 21:05", "2026-10-31 22:00", london, false},
		{"days without a break", "2026-01-14 22:00", "2026-01-14 22:00", "2026-01-15 22:00", seamless, true},
		{"an office day", "2026-07-14 06:00", "2026-07-14 06:00", "2026-07-14 17:30", officeDay, true},
		{"after the office's week", "2026-07-18 12:00", "2026-07-17 06:00", "2026-07-17 17:30", officeDay, false},
		{"a start that New York skips is the step", "2026-03-08 07:30", "2026-03-08 07:00", "2026-03-09 03:00", skipped, true},
		{"a start that London has twice is the first", "2026-10-25 00:45", "2026-10-25 00:30", "2026-10-25 23:00", twice, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := made(t, test.spec)
			last, _ := s.Last(utc(test.at))
			if !last.Start.Equal(utc(test.start)) || !last.End.Equal(utc(test.end)) {
				t.Errorf("%s to %s, want %s to %s", last.Start.UTC(), last.End.UTC(), test.start, test.end)
			}
			if _, open := s.Open(utc(test.at)); open != test.open {
				t.Errorf("open: %v", open)
			}
		})
	}
}

func TestChangeIsTheNextOpeningOrClosing(t *testing.T) {
	for _, test := range []struct {
		at, want string
		spec     Spec
	}{
		{"2026-01-14 12:00", "2026-01-14 22:00", daily},
		{"2026-01-14 22:00", "2026-01-14 22:05", daily},
		{"2026-01-17 12:00", "2026-01-18 22:00", week},
		{"2026-03-06 23:00", "2026-03-08 21:00", week},
		{"2026-07-18 12:00", "2026-07-20 06:00", officeDay},
	} {
		if got, some := made(t, test.spec).Change(utc(test.at)); !some || !got.Equal(utc(test.want)) {
			t.Errorf("%+v at %s: %s, want %s", test.spec, test.at, got.UTC(), test.want)
		}
	}
}

func TestWithoutAScheduleThereIsNoPeriod(t *testing.T) {
	var s Schedule
	_, open := s.Open(utc("2026-01-14 12:00"))
	_, changes := s.Change(utc("2026-01-14 12:00"))
	if !s.Always() || open || changes || !s.Same(Schedule{}) || s.Same(made(t, daily)) {
		t.Error("it has one")
	}
}

var zones = []string{"America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Tokyo", "Pacific/Apia", "UTC"}

// Whatever the schedule and the instant are, periods follow each other without overlap. The last period has begun, the next one
// has not, and whether the session is open changes only at their ends.
func TestPeriodsAreInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hour := rapid.StringMatching(`([01][0-9]|2[0-3]):[0-5][0-9]`)
		spec := Spec{Zone: rapid.SampledFrom(zones).Draw(t, "zone"), Start: hour.Draw(t, "start"), End: hour.Draw(t, "end")}
		day := rapid.SampledFrom(weekdays)
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 1:
			spec.Days = rapid.SliceOfN(day, 1, 7).Draw(t, "days")
		case 2:
			spec.StartDay, spec.EndDay = day.Draw(t, "first"), day.Draw(t, "last")
		}
		s := made(t, spec)
		at := time.Unix(rapid.Int64Range(1_750_000_000, 1_850_000_000).Draw(t, "at"), 0)
		last, begun := s.Last(at)
		next, follows := s.Next(at)
		switch {
		case !begun || !follows:
			t.Fatalf("last %v, next %v", begun, follows)
		case last.Start.After(at), !next.Start.After(at):
			t.Fatalf("at %s: last %s, next %s", at, last.Start, next.Start)
		case last.End.Before(last.Start), last.End.After(next.Start): // empty where the clocks skip all of it
			t.Fatalf("last %s to %s, next from %s", last.Start, last.End, next.Start)
		}
		if again, _ := s.Last(next.Start); !again.Start.Equal(next.Start) {
			t.Fatalf("the next one begins at %s, and then %s has begun", next.Start, again.Start)
		}
	})
}

func TestTheFaultyKeyOfAScheduleIsNamed(t *testing.T) {
	for says, change := range map[string]func(*Spec){
		"zone: missing":     func(s *Spec) { s.Zone = "" },
		`zone: "Atlantis"`:  func(s *Spec) { s.Zone = "Atlantis" },
		`start: "25:00"`:    func(s *Spec) { s.Start = "25:00" },
		`end: ""`:           func(s *Spec) { s.End = "" },
		`days: "monday"`:    func(s *Spec) { s.Days = []string{"monday"} },
		`days: "" is not`:   func(s *Spec) { s.StartDay = "sun" },
		"days: either days": func(s *Spec) { s.StartDay, s.EndDay, s.Days = "sun", "fri", []string{"mon"} },
	} {
		spec := daily
		change(&spec)
		if _, err := spec.Schedule(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v does not say %s", err, says)
		}
	}
}
