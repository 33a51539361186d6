package valuedate_test

import (
	"errors"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market/realdata"
	"fxcore/services/market/valuedate"
)

func TestPeriod(t *testing.T) {
	cases := []struct {
		rule, base, quote string
		lag               int
		trade, tenor      string
		start, end        string
	}{
		{"end-end: last of February to last of March", "EUR", "USD", 2, "2026-02-25", "1M", "2026-02-27", "2026-03-31"},
		{"modified following stays in February", "EUR", "USD", 2, "2026-01-27", "1M", "2026-01-29", "2026-02-27"},
		{"end-end: last of April to last good day of May", "EUR", "USD", 2, "2026-04-28", "1M", "2026-04-30", "2026-05-29"},
		{"end-end before a UK holiday at the end of August", "GBP", "USD", 2, "2026-07-29", "1M", "2026-07-31", "2026-08-28"},
		{"weeks: following", "EUR", "USD", 2, "2026-11-17", "1W", "2026-11-19", "2026-11-27"},
		{"weeks may leave the month", "EUR", "USD", 2, "2026-11-19", "1W", "2026-11-23", "2026-11-30"},
		{"overnight is the trade date to tomorrow", "EUR", "USD", 2, "2026-11-17", "ON", "2026-11-17", "2026-11-18"},
		{"tom-next is tomorrow to spot", "EUR", "USD", 2, "2026-11-17", "TN", "2026-11-18", "2026-11-19"},
		{"spot-next is spot to the day after", "EUR", "USD", 2, "2026-11-17", "SN", "2026-11-19", "2026-11-20"},
		{"spot", "EUR", "USD", 2, "2026-11-17", "SPOT", "2026-11-19", "2026-11-19"},
		{"SP is spot", "EUR", "USD", 2, "2026-11-17", "SP", "2026-11-19", "2026-11-19"},
		{"today", "EUR", "USD", 2, "2026-11-17", "TOD", "2026-11-17", "2026-11-17"},
		{"tomorrow", "EUR", "USD", 2, "2026-11-17", "TOM", "2026-11-18", "2026-11-18"},
		{"tomorrow is spot where the lag is one", "USD", "CAD", 1, "2026-11-17", "ND", "2026-11-18", "2026-11-18"},
		{"tomorrow skips a holiday", "EUR", "USD", 2, "2026-11-25", "TOM", "2026-11-27", "2026-11-27"},
		{"days: following", "EUR", "USD", 2, "2026-11-17", "3D", "2026-11-19", "2026-11-23"},
		{"a year is twelve months", "EUR", "USD", 2, "2026-11-17", "1Y", "2026-11-19", "2027-11-19"},
		{"eighteen months", "EUR", "USD", 2, "2026-11-17", "18M", "2026-11-19", "2028-05-19"},
		{"IMM: third Wednesday of December", "EUR", "USD", 2, "2026-11-17", "IMM", "2026-11-19", "2026-12-16"},
		{"IMM after this quarter's has passed", "EUR", "USD", 2, "2026-12-16", "IMM", "2026-12-18", "2027-03-17"},
		{"IMM on the IMM date itself is the next one", "EUR", "USD", 2, "2026-12-14", "IMM", "2026-12-16", "2027-03-17"},
		{"the second IMM date", "EUR", "USD", 2, "2026-11-17", "IMM2", "2026-11-19", "2027-03-17"},
	}
	calendars := realdata.Calendars(t)
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			p := pair(t, calendars, c.base, c.quote, c.lag)
			got, err := p.Period(realdata.Date(t, c.trade), tenor(t, c.tenor))
			if err != nil || got.Start.String() != c.start || got.End.String() != c.end {
				t.Errorf("%s of %s: %s to %s, %v, want %s to %s", c.tenor, c.trade, got.Start, got.End, err, c.start, c.end)
			}
		})
	}
}

func TestTenorsThatDoNotExistOnTheDay(t *testing.T) {
	cases := []struct {
		rule, base, quote string
		lag               int
		trade, tenor      string
	}{
		{"TN where tomorrow is spot", "USD", "CAD", 1, "2026-11-17", "TN"},
		{"TN where a holiday makes tomorrow spot", "EUR", "USD", 2, "2026-11-25", "TN"},
		{"TOD on a holiday", "EUR", "USD", 2, "2026-11-26", "TOD"},
		{"ON on a holiday", "EUR", "USD", 2, "2026-11-26", "ON"},
	}
	calendars := realdata.Calendars(t)
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			p := pair(t, calendars, c.base, c.quote, c.lag)
			if got, err := p.Period(realdata.Date(t, c.trade), tenor(t, c.tenor)); !errors.Is(err, valuedate.ErrNoSuchTenor) {
				t.Errorf("%s of %s: %s to %s, %v", c.tenor, c.trade, got.Start, got.End, err)
			}
		})
	}
}

func TestLongerTenorsNeverEndEarlier(t *testing.T) {
	calendars := realdata.Calendars(t)
	rapid.Check(t, func(t *rapid.T) {
		p, trade := drawPair(t, calendars), drawTradeDate(t)
		unit := rapid.SampledFrom([]string{"D", "W", "M", "Y", "IMM"}).Draw(t, "unit")
		count := rapid.IntRange(1, 8).Draw(t, "count")
		shorter, err1 := p.Period(trade, mustTenor(unit, count))
		longer, err2 := p.Period(trade, mustTenor(unit, count+1))
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if longer.End < shorter.End || shorter.End < shorter.Start || !p.Joint().IsBusinessDay(shorter.End) {
			t.Fatalf("traded %s: %d%s ends %s, one more ends %s", trade, count, unit, shorter.End, longer.End)
		}
	})
}

func FuzzPeriod(f *testing.F) {
	for _, seed := range []string{"SPOT", "1M", "IMM2", "52W", "10Y"} {
		f.Add(seed)
	}
	p := pair(f, realdata.Calendars(f), "EUR", "USD", 2)
	trade := realdata.Date(f, "2026-11-17")
	f.Fuzz(func(t *testing.T, text string) {
		tenor, err := fxdate.ParseTenor(text)
		if err != nil {
			return
		}
		if period, err := p.Period(trade, tenor); err != nil || period.End < trade {
			t.Errorf("%q: %v to %v, %v", text, period.Start, period.End, err)
		}
	})
}

func tenor(t *testing.T, text string) fxdate.Tenor {
	t.Helper()
	parsed, err := fxdate.ParseTenor(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// mustTenor parses a valid tenor: "3M", "IMM3".
func mustTenor(unit string, count int) fxdate.Tenor {
	text := strconv.Itoa(count) + unit
	if unit == "IMM" {
		text = unit + strconv.Itoa(count)
	}
	parsed, err := fxdate.ParseTenor(text)
	if err != nil {
		panic(err)
	}
	return parsed
}
