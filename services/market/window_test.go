package market_test

import (
	"testing"
	"time"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
	"fxcore/services/market/calendar"
	"fxcore/services/market/hours"
)

// windowPair is a pair of AED, whose weekend was Friday and Saturday, and the dollar. broken dates are allowed.
func windowPair(t *testing.T, aed, usd hours.CutOffs) *market.Pair {
	t.Helper()
	calendars := map[string]*calendar.Calendar{}
	for code, days := range map[string][]time.Weekday{"AED": {time.Friday, time.Saturday}, "USD": {time.Saturday, time.Sunday}} {
		c, err := calendar.New(code, []calendar.Weekend{{Days: days}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		calendars[code] = c
	}
	d := market.NewDirectory(market.Static{
		Currencies: map[string]market.Currency{"AED": {Code: "AED", MinorUnits: 2, CutOffs: aed}, "USD": {Code: "USD", MinorUnits: 2, CutOffs: usd}},
		Pairs:      []market.Terms{{Base: "USD", Quote: "AED", SpotLag: 2, Decimals: 5, BrokenDates: true}},
		Calendars:  calendars,
	})
	pair, err := d.Pair("USD/AED")
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func cutOff(t *testing.T, daysBefore int, at, zone string) hours.CutOffs {
	t.Helper()
	time, err := hours.ParseTimeOfDay(at, zone)
	if err != nil {
		t.Fatal(err)
	}
	all, err := hours.NewCutOffs(hours.CutOff{DaysBefore: daysBefore, At: time})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestPaymentsAreMadeOnTheDayOfTheCutOffThatComesFirst(t *testing.T) {
	wednesday, friday := fxdate.NewDate(2026, 11, 25), fxdate.NewDate(2026, 11, 27)
	dubai, newYork := cutOff(t, 0, "12:00", "Asia/Dubai"), cutOff(t, 0, "17:00", "America/New_York")
	for name, c := range map[string]struct {
		aed, usd    hours.CutOffs
		value       fxdate.Date
		from, until string
	}{
		"no cut-off: the date itself":           {nil, nil, wednesday, "2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z"},
		"one cut-off":                           {nil, newYork, wednesday, "2026-11-25T05:00:00Z", "2026-11-25T22:00:00Z"},
		"the earlier one, in its own place":     {dubai, newYork, wednesday, "2026-11-24T20:00:00Z", "2026-11-25T08:00:00Z"},
		"the day before":                        {cutOff(t, 1, "12:00", "Asia/Dubai"), newYork, wednesday, "2026-11-23T20:00:00Z", "2026-11-24T08:00:00Z"},
		"a broken date waits until both settle": {dubai, newYork, friday, "2026-11-29T20:00:00Z", "2026-11-30T08:00:00Z"},
	} {
		from, until, err := windowPair(t, c.aed, c.usd).Window(c.value)
		if got := from.UTC().Format(time.RFC3339) + " " + until.UTC().Format(time.RFC3339); err != nil || got != c.from+" "+c.until {
			t.Errorf("%s: %s, %v, want %s %s", name, got, err, c.from, c.until)
		}
	}
}
