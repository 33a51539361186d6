package desk

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market/dating"
)

// A date that the desk takes for a broken one is one for the core, and the core can settle on it.
func TestTheDesksBrokenDatesAreTheCores(t *testing.T) {
	c := newCore(t)
	broken := newBrokenDates(c.Demo)
	if len(broken.pairs) == 0 {
		t.Fatal("the demo's bank deals no pair on broken dates")
	}
	rapid.Check(t, func(t *rapid.T) {
		now := drawInstant(t)
		for _, p := range broken.pairs {
			pair, err := c.Directory.Pair(p.Name)
			if err != nil {
				t.Fatal(err)
			}
			rule, err := dating.Requested(pair, now, now, fxdate.Years(5))
			if err != nil {
				t.Fatal(err)
			}
			for _, day := range broken.days(p, now.Truncate(24*time.Hour)) {
				value := fxdate.DateOf(day)
				if err := rule.Settles(value); err != nil {
					t.Fatalf("%s at %s: %v", p.Name, now, err)
				}
				if _, is := pair.Broken(value); !is {
					t.Fatalf("%s: %s is a usual date", p.Name, value)
				}
			}
		}
	})
}

// Every day of the year the desk has deals in these pairs, usual ones and on broken dates.
func TestTheDayHasDealsOnBrokenDates(t *testing.T) {
	d, err := New("ALPHA-1-", 7)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for range 2_000 {
		r, err := d.Next(time.Date(2026, 11, 22, 3, 4, 5, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case r.Flawed:
		case r.Near.Date == "":
			seen[r.Pair]++
		case r.Near.Settlement != "B" || r.Near.Rate == "" || r.Swap() || r.Kind != Order && r.Kind != Report:
			t.Fatalf("%+v", r)
		default:
			seen[r.Pair+" broken"]++
		}
	}
	for _, what := range []string{"USD/AED", "USD/SAR", "USD/SAR broken", "EUR/USD"} {
		if seen[what] < 10 {
			t.Errorf("%s: %d of 2000", what, seen[what])
		}
	}
}
