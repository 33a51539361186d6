package event_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fxcore/lambda/event"
)

func TestADayIsTheUTCDateOfAnInstant(t *testing.T) {
	for instant, want := range map[string]event.Day{
		"1970-01-01T00:00:00Z": 0, "1970-01-01T23:59:59Z": 0, "1970-01-02T00:00:00Z": 1,
		"2026-11-20T23:59:59Z": 20_777, "2026-11-21T00:30:00+01:00": 20_777, "2149-06-06T12:00:00Z": 65_535,
		"1969-12-31T23:59:59Z": 0, "1900-01-01T00:00:00Z": 0, "2149-06-07T00:00:00Z": 65_535, "9999-12-31T00:00:00Z": 65_535,
	} {
		at, err := time.Parse(time.RFC3339, instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := event.DayOf(at); got != want {
			t.Errorf("%s: day %d, want %d", instant, got, want)
		}
	}
	if got := event.Day(20_777).Begin().Format(time.RFC3339); got != "2026-11-20T00:00:00Z" {
		t.Errorf("the day begins at %s", got)
	}
}

// All that follows from an id lies between the first ids of its day and of the next day.
func TestAWholeStoryLiesOnOneDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := event.Day(rapid.Uint16Max(65_534).Draw(t, "day"))
		story := []string{event.NewID(day, rapid.String().Draw(t, "part"))}
		e, err := event.New(happened, story[0], "here", "story", struct{}{})
		if err != nil {
			t.Fatal(err)
		}
		if e, err = e.Next(happened, struct{}{}); err != nil {
			t.Fatal(err)
		}
		story = append(story, e.ID, event.ChildID(e.ID, "part"))
		for _, id := range story {
			if event.DayOfID(id) != day || id < day.FirstID() || id >= (day+1).FirstID() {
				t.Errorf("%s is not of day %d: %s to %s", id, day, day.FirstID(), (day + 1).FirstID())
			}
		}
	})
}

func TestWhatIsNoUUIDIsOfDayZero(t *testing.T) {
	for _, id := range []string{"", "1", "entry-1", strings.Repeat("g", 36), "512", "+129ce16-ac9c-8b36-823f-39a395ce8e0e"} {
		if got := event.DayOfID(id); got != 0 {
			t.Errorf("%q: day %d", id, got)
		}
	}
}
