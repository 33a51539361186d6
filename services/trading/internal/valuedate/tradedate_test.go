package valuedate_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"fxcore/services/trading/internal/realdata"
	"fxcore/services/trading/internal/valuedate"
)

func TestTradeDateRollsAtFiveInNewYork(t *testing.T) {
	cases := []struct{ rule, at, want string }{
		{"winter: a minute before 22:00 UTC", "2026-11-24T21:59:00Z", "2026-11-24"},
		{"winter: 22:00 UTC", "2026-11-24T22:00:00Z", "2026-11-25"},
		{"summer: a minute before 21:00 UTC", "2026-07-01T20:59:00Z", "2026-07-01"},
		{"summer: 21:00 UTC", "2026-07-01T21:00:00Z", "2026-07-02"},
		{"Europe is already in winter time, New York not yet", "2026-10-27T21:00:00Z", "2026-10-28"},
		{"Friday after the close is Monday", "2026-11-20T22:00:00Z", "2026-11-23"},
		{"Saturday is Monday", "2026-11-21T12:00:00Z", "2026-11-23"},
		{"Sunday is Monday", "2026-11-22T10:00:00Z", "2026-11-23"},
		{"Sunday after five is Monday", "2026-11-22T23:00:00Z", "2026-11-23"},
		{"a bank holiday is a trade date", "2026-11-26T15:00:00Z", "2026-11-26"},
		{"the date is New York's, not UTC's", "2026-11-25T02:00:00Z", "2026-11-25"},
	}
	rollover := newRollover(t)
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
	rollover := newRollover(t)
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
	if got := valuedate.PreviousTradeDate(realdata.Date(t, "2026-11-23")); got.String() != "2026-11-20" {
		t.Errorf("before Monday 2026-11-23 came %s", got)
	}
	if got := valuedate.PreviousTradeDate(realdata.Date(t, "2026-11-25")); got.String() != "2026-11-24" {
		t.Errorf("before Wednesday 2026-11-25 came %s", got)
	}
}

func newRollover(t *testing.T) valuedate.Rollover {
	t.Helper()
	rollover, err := valuedate.NewRollover()
	if err != nil {
		t.Fatal(err)
	}
	return rollover
}
