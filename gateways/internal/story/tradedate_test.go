package story_test

import (
	"testing"
	"time"

	"fxcore/gateways/internal/story"
)

// The FX day rolls at 17:00 New York, summer and winter, and has no weekend (fx-and-fix 1.1; London FX value dates).
func TestTradeDateRollsAtSeventeenNewYork(t *testing.T) {
	zone := story.NewYork()
	for at, want := range map[string]string{
		"2026-11-24T21:59:59Z": "2026-11-24", // winter: 16:59:59 EST
		"2026-11-24T22:00:00Z": "2026-11-25", // 17:00 EST
		"2026-07-01T20:59:59Z": "2026-07-01", // summer: 16:59:59 EDT
		"2026-07-01T21:00:00Z": "2026-07-02", // 17:00 EDT
		"2026-11-20T21:59:59Z": "2026-11-20", // Friday afternoon
		"2026-11-20T22:00:00Z": "2026-11-23", // Friday after the roll is Monday
		"2026-11-21T12:00:00Z": "2026-11-23", // Saturday
		"2026-11-22T12:00:00Z": "2026-11-23", // Sunday
		"2026-11-22T22:00:00Z": "2026-11-23", // Sunday after the roll
		"2026-11-23T22:00:00Z": "2026-11-24",
		"2026-03-08T20:59:59Z": "2026-03-09", // the Sunday on which summer time begins
		"2026-03-09T20:59:59Z": "2026-03-09",
		"2026-03-09T21:00:00Z": "2026-03-10",
		"2026-11-02T21:59:59Z": "2026-11-02", // the Monday after it ended
		"2026-12-31T23:00:00Z": "2027-01-01",
	} {
		instant, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := story.TradeDate(instant, zone); got != want {
			t.Errorf("%s: %s, want %s", at, got, want)
		}
	}
}
