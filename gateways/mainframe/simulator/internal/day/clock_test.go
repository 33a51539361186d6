package day

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// weekday takes Monday to Friday, and not Christmas, as business days.
func weekday(date time.Time) bool {
	return date.Weekday() != time.Saturday && date.Weekday() != time.Sunday && date.Format("01-02") != "12-25"
}

// friday is a real Friday at noon in Frankfurt.
var friday = time.Date(2026, 11, 27, 11, 0, 0, 500, time.UTC)

func open(t *testing.T, dir string, wall *time.Time) *Clock {
	t.Helper()
	c, err := Open(dir, func() time.Time { return *wall }, weekday)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func date(t *testing.T, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWithoutAnOffsetTheClockIsRealTime(t *testing.T) {
	now := friday
	c := open(t, t.TempDir(), &now)
	day, offset := c.Today()
	if !c.Now().Equal(friday.Truncate(time.Microsecond)) || offset != 0 || !day.Equal(date(t, "2026-11-27")) {
		t.Errorf("%s, %s, %d", c.Now(), day, offset)
	}
}

func TestBusinessDayIsTheOneThatBeganLast(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-27T22:59:00Z": "2026-11-27", // a minute before midnight in Frankfurt
		"2026-11-27T23:01:00Z": "2026-11-27",
		"2026-11-29T12:00:00Z": "2026-11-27",
		"2026-12-25T12:00:00Z": "2026-12-24",
	} {
		now, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		if day, _ := open(t, t.TempDir(), &now).Today(); !day.Equal(date(t, want)) {
			t.Errorf("%s: %s, want %s", text, day.Format(time.DateOnly), want)
		}
	}
}

func TestNextDayBeginsAtItsTimeAndGoesOn(t *testing.T) {
	now := friday
	c := open(t, t.TempDir(), &now)
	if err := c.To(c.Next(), 8, 0); err != nil {
		t.Fatal(err)
	}
	monday := time.Date(2026, 11, 30, 7, 0, 0, 0, time.UTC)
	if got := c.Now(); got.Before(monday) || got.After(monday.Add(time.Second)) {
		t.Errorf("%s, not %s", got, monday)
	}
	before := c.Now()
	now = now.Add(time.Hour)
	if got := c.Now().Sub(before); got != time.Hour {
		t.Errorf("an hour later it is %s later", got)
	}
}

func TestClockNeverGoesBackAndNotFarAhead(t *testing.T) {
	now := friday
	c := open(t, t.TempDir(), &now)
	for text, want := range map[string]error{"2026-11-26": ErrBack, "2026-11-27": ErrBack, "2028-01-03": ErrFar} {
		if err := c.To(date(t, text), 8, 0); !errors.Is(err, want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, offset := c.Today(); offset != 0 {
		t.Errorf("the clock has moved by %d s", offset)
	}
}

func TestOffsetSurvivesARestart(t *testing.T) {
	dir, now := t.TempDir(), friday
	c := open(t, dir, &now)
	if err := c.To(date(t, "2026-12-01"), 8, 0); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	if again := open(t, dir, &now); !again.Now().Equal(c.Now()) {
		t.Errorf("%s, before %s", again.Now(), c.Now())
	}
}

func TestDamagedFileIsNotTakenForNoOffset(t *testing.T) {
	for _, text := range []string{"", "{", `{"offset_seconds":-1}`} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, fileName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, time.Now, weekday); err == nil {
			t.Errorf("%q: opened", text)
		}
	}
}
