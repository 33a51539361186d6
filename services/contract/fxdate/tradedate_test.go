package fxdate_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"fxcore/services/contract/fxdate"
)

// The trade date rolls at 17:00 in New York, in summer and winter, and is never on a weekend.
func TestTradeDateRollsAtFiveInNewYork(t *testing.T) {
	cases := []struct{ rule, at, want string }{
		{"winter: a second before 22:00 UTC", "2026-11-24T21:59:59Z", "2026-11-24"},
		{"winter: 22:00 UTC", "2026-11-24T22:00:00Z", "2026-11-25"},
		{"summer: a second before 21:00 UTC", "2026-07-01T20:59:59Z", "2026-07-01"},
		{"summer: 21:00 UTC", "2026-07-01T21:00:00Z", "2026-07-02"},
		{"Europe is already in winter time, New York not yet", "2026-10-27T21:00:00Z", "2026-10-28"},
		{"Friday before the close", "2026-11-20T21:59:59Z", "2026-11-20"},
		{"Friday after the close is Monday", "2026-11-20T22:00:00Z", "2026-11-23"},
		{"Saturday is Monday", "2026-11-21T12:00:00Z", "2026-11-23"},
		{"Sunday is Monday", "2026-11-22T12:00:00Z", "2026-11-23"},
		{"Sunday after five is Monday", "2026-11-22T22:00:00Z", "2026-11-23"},
		{"the Sunday on which summer time begins", "2026-03-08T20:59:59Z", "2026-03-09"},
		{"the Monday after it: before the roll", "2026-03-09T20:59:59Z", "2026-03-09"},
		{"the Monday after it: the roll", "2026-03-09T21:00:00Z", "2026-03-10"},
		{"the Monday after summer time ended", "2026-11-02T21:59:59Z", "2026-11-02"},
		{"a bank holiday is a trade date", "2026-11-26T15:00:00Z", "2026-11-26"},
		{"the date is New York's, not UTC's", "2026-11-25T02:00:00Z", "2026-11-25"},
		{"the last day of a year", "2026-12-31T23:00:00Z", "2027-01-01"},
	}
	rollover := fxdate.NewRollover()
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, c.at)
			if err != nil {
				t.Fatal(err)
			}
			if got := rollover.TradeDate(at); got.String() != c.want {
				t.Errorf("%s belongs to %s, want %s", c.at, got, c.want)
			}
		})
	}
}

func TestTradeDateIsAWeekdayAndNeverGoesBack(t *testing.T) {
	rollover := fxdate.NewRollover()
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(1_400_000_000, 2_700_000_000).Draw(t, "at"), 0)
		step := time.Duration(rapid.Int64Range(0, int64(72*time.Hour)).Draw(t, "step"))
		first, second := rollover.TradeDate(at), rollover.TradeDate(at.Add(step))
		if second < first || first.Weekday() == time.Saturday || first.Weekday() == time.Sunday {
			t.Fatalf("%s is %s, %s later is %s", at, first, step, second)
		}
	})
}

func TestPreviousTradeDateSkipsTheWeekend(t *testing.T) {
	for day, want := range map[fxdate.Date]string{
		fxdate.NewDate(2026, 11, 23): "2026-11-20",
		fxdate.NewDate(2026, 11, 25): "2026-11-24",
	} {
		if got := fxdate.PreviousTradeDate(day); got.String() != want {
			t.Errorf("before %s came %s, want %s", day, got, want)
		}
	}
}
