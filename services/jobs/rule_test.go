package jobs_test

import (
	"errors"
	"testing"
	"time"

	"fxcore/services/contract/fxdate"
	"fxcore/services/jobs"
	"fxcore/services/market/realdata"
)

func TestDailyIsDueAtThePlacesTimeOnOpenDates(t *testing.T) {
	target := realdata.Calendars(t)["EUR"]
	open := func(d fxdate.Date) (bool, error) { return target.IsBusinessDay(d), nil }
	frankfurt, auckland := realdata.TimeOfDay(t, "17:30", "Europe/Berlin"), realdata.TimeOfDay(t, "07:00", "Pacific/Auckland")
	newYork := realdata.TimeOfDay(t, "02:30", "America/New_York")
	cases := []struct {
		rule        string
		daily       jobs.Rule
		after, want string
	}{
		{"the same day", jobs.Daily(frankfurt, open), "2026-11-24T16:29:59Z", "2026-11-24T16:30:00Z"},
		{"a due time does not come again", jobs.Daily(frankfurt, open), "2026-11-24T16:30:00Z", "2026-11-25T16:30:00Z"},
		{"over a weekend", jobs.Daily(frankfurt, open), "2026-11-27T16:30:00Z", "2026-11-30T16:30:00Z"},
		{"over Christmas: Friday and the weekend", jobs.Daily(frankfurt, open), "2026-12-24T16:30:00Z", "2026-12-28T16:30:00Z"},
		{"in summer", jobs.Daily(frankfurt, open), "2027-07-01T00:00:00Z", "2027-07-01T15:30:00Z"},
		{"a place that is ahead of UTC", jobs.Daily(auckland, nil), "2026-11-24T17:00:00Z", "2026-11-24T18:00:00Z"},
		{"a time that the place's clocks skip: an hour earlier", jobs.Daily(newYork, nil), "2027-03-13T12:00:00Z", "2027-03-14T06:30:00Z"},
		{"the day after it", jobs.Daily(newYork, nil), "2027-03-14T06:30:00Z", "2027-03-15T06:30:00Z"},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			after, err := time.Parse(time.RFC3339, c.after)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := c.daily(after); err != nil || got.Format(time.RFC3339) != c.want {
				t.Errorf("after %s: %s, %v, want %s", c.after, got, err, c.want)
			}
		})
	}
}

func TestARuleThatCannotKnowSaysWhy(t *testing.T) {
	missing := errors.New("no calendar")
	at := realdata.TimeOfDay(t, "17:30", "Europe/Berlin")
	if _, err := jobs.Daily(at, func(fxdate.Date) (bool, error) { return false, missing })(noon); !errors.Is(err, missing) {
		t.Errorf("without a calendar: %v", err)
	}
	if _, err := jobs.Daily(at, func(fxdate.Date) (bool, error) { return false, nil })(noon); err == nil {
		t.Error("a calendar that is always closed is believed")
	}
}

func TestEveryIsDueAtEachMultiple(t *testing.T) {
	for after, want := range map[time.Duration]time.Duration{0: time.Minute, time.Second: time.Minute, time.Minute: 2 * time.Minute} {
		if got, err := jobs.Every(time.Minute)(noon.Add(after)); err != nil || !got.Equal(noon.Add(want)) {
			t.Errorf("after %s: %s, %v", after, got, err)
		}
	}
}
