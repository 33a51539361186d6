package fxdate_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"fxcore/services/contract/fxdate"
)

func TestDateAgreesWithTheCivilCalendar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.IntRange(-200_000, 200_000).Draw(t, "days")
		d, at := fxdate.Date(days), time.Unix(0, 0).UTC().AddDate(0, 0, days)
		if d.String() != at.Format("2006-01-02") || d.Weekday() != at.Weekday() {
			t.Fatalf("day %d is %s %s, not %s %s", days, d.Weekday(), d, at.Weekday(), at.Format("2006-01-02"))
		}
		if back, err := fxdate.ParseDate(d.String()); err != nil || back != d {
			t.Fatalf("%s reads back as %s, %v", d, back, err)
		}
	})
}

func TestParseDateRefusesWhatIsNoDate(t *testing.T) {
	for _, text := range []string{"", "2026-02-30", "20261126", "2026-1-2", "2026-11-26T00:00:00Z", "26-11-2026"} {
		if d, err := fxdate.ParseDate(text); err == nil {
			t.Errorf("%q was read as %s", text, d)
		}
	}
}

func TestAddMonthsKeepsTheDayOrTakesTheLast(t *testing.T) {
	cases := []struct {
		from   string
		months int
		want   string
	}{
		{"2026-01-15", 1, "2026-02-15"},
		{"2026-01-31", 1, "2026-02-28"},
		{"2027-12-31", 2, "2028-02-29"},
		{"2026-11-30", 3, "2027-02-28"},
		{"2026-12-24", 60, "2031-12-24"},
	}
	for _, c := range cases {
		if got := mustDate(t, c.from).AddMonths(c.months); got.String() != c.want {
			t.Errorf("%s + %d months = %s, want %s", c.from, c.months, got, c.want)
		}
	}
}

func mustDate(t *testing.T, text string) fxdate.Date {
	t.Helper()
	d, err := fxdate.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
