package demo

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func open(t testing.TB) *Market {
	t.Helper()
	m, err := NewMarket(Seed)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestLastFixingIsThePriceAtItsInstant(t *testing.T) {
	m := open(t)
	for currency, want := range map[string]string{"USD": "1.1172", "JPY": "175.68", "IDR": "20275.17", "EUR": "1"} {
		got, err := m.Mid(currency, time.Date(2026, 10, 30, 14, 15, 0, 0, time.UTC))
		if err != nil || !got.Equal(decimal.RequireFromString(want)) {
			t.Errorf("mid of %s at the last fixing: %s, %v, want %s", currency, got, err, want)
		}
	}
}

func TestEachDealtCurrencyHasARateOnEveryMappedDay(t *testing.T) {
	m := open(t)
	for code := range m.currencies {
		if code == "EUR" {
			continue
		}
		for i, rate := range m.fixings.Rates[code] {
			if !rate.IsPositive() {
				t.Errorf("%s has no rate on %s", code, m.fixings.Days[i].Format(time.DateOnly))
			}
		}
	}
}

func TestTheWholeSeriesIsReadable(t *testing.T) {
	f, err := ReadFixings()
	if err != nil {
		t.Fatal(err)
	}
	if got := len(f.Days); got != 3795 {
		t.Errorf("%d days, want 3795", got)
	}
	if got := f.Rates["USD"][0].String(); got != "1.2935" {
		t.Errorf("first USD fixing %s, want 1.2935", got)
	}
}

func TestPriceNeverJumps(t *testing.T) {
	m := open(t)
	bound := decimal.RequireFromString("0.0005") // of the rate, in one tick; a day's whole amplitude is 0.4%
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(1_600_000_000, 2_300_000_000).Draw(t, "at"), 0)
		if rapid.Bool().Draw(t, "at the border of two days") {
			at = m.anchor.Add(at.Sub(m.anchor).Truncate(dayLength)).Add(-time.Second)
		}
		before, err1 := m.Mid("USD", at)
		after, err2 := m.Mid("USD", at.Add(TickInterval))
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if after.Sub(before).Abs().GreaterThan(before.Mul(bound)) {
			t.Fatalf("%s: from %s to %s in one tick", at.UTC(), before, after)
		}
	})
}

func TestPriceMovesAndIsTheSameInEveryMarket(t *testing.T) {
	a, b := open(t), open(t)
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	seen := map[string]bool{}
	for range 100 {
		x, err1 := a.Rate("EUR/USD", at)
		y, err2 := b.Rate("EUR/USD", at.Add(TickInterval-1))
		if err1 != nil || err2 != nil || !x.Equal(y) {
			t.Fatalf("%s %v, %s %v: one tick, one seed, two prices", x, err1, y, err2)
		}
		seen[x.String()] = true
		at = at.Add(TickInterval)
	}
	if len(seen) < 10 {
		t.Errorf("%d prices in 100 ticks", len(seen))
	}
}

func TestCrossRateIsTheQuotientOfTwoEuroRatesHalfUp(t *testing.T) {
	got, err := open(t).Rate("USD/JPY", time.Date(2026, 10, 30, 14, 15, 0, 0, time.UTC))
	want := decimal.RequireFromString("157.250") // 175.68 / 1.1172 = 157.2502…
	if err != nil || !got.Equal(want) {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
}

func TestEveryPairHasABidBelowItsOffer(t *testing.T) {
	m := open(t)
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for name := range m.pairs {
		bid, offer, err := m.Quote(name, at)
		if err != nil || !bid.LessThan(offer) || !bid.IsPositive() {
			t.Errorf("%s: %s/%s, %v", name, bid, offer, err)
		}
	}
}

func TestOutrightIsAboveSpotWhereTheQuoteEarnsMore(t *testing.T) {
	m := open(t)
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	spot, _ := m.Rate("EUR/USD", at)
	year, err := m.Outright("EUR/USD", at, 360)
	if err != nil || !year.GreaterThan(spot) {
		t.Errorf("a year's outright %s, %v, spot %s", year, err, spot)
	}
	same, _ := m.Outright("EUR/USD", at, 0)
	if !same.Equal(spot) {
		t.Errorf("outright for spot %s, spot %s", same, spot)
	}
}

// The points of a year trade at a wider spread than spot, the wider the less liquid the pair is.
func TestTheSpreadOfThePointsGrowsWithThatOfSpot(t *testing.T) {
	byHalfSpread := map[string]decimal.Decimal{}
	for name, p := range open(t).pairs {
		if p.PointsSpread.LessThan(p.HalfSpread) {
			t.Errorf("%s: points %s, spot %s", name, p.PointsSpread, p.HalfSpread)
		}
		byHalfSpread[p.HalfSpread.StringFixed(6)] = p.PointsSpread
	}
	var last decimal.Decimal
	for _, class := range slices.Sorted(maps.Keys(byHalfSpread)) {
		if !byHalfSpread[class].GreaterThan(last) {
			t.Errorf("half spread %s: points %s, of the class before %s", class, byHalfSpread[class], last)
		}
		last = byHalfSpread[class]
	}
}

func TestUnknownIsAnError(t *testing.T) {
	m := open(t)
	if _, err := m.Mid("XXX", time.Now()); err == nil {
		t.Error("a mid for XXX")
	}
	if _, err := m.Rate("USD/EUR", time.Now()); err == nil {
		t.Error("a rate for a pair in the wrong order")
	}
}

func TestBankIsDeterministic(t *testing.T) {
	a, err := NewBank(Seed)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := NewBank(Seed)
	if diff := cmp.Diff(a, b); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkMid(b *testing.B) {
	m := open(b)
	at := time.Now()
	for b.Loop() {
		_, _ = m.Mid("USD", at)
	}
}

func TestTheGulfIsPeggedToTheDollarAtEveryTick(t *testing.T) {
	m := open(t)
	for pair, want := range map[string]string{"USD/AED": "3.6725", "USD/SAR": "3.75"} {
		for hour := range 48 {
			got, err := m.Rate(pair, time.Date(2026, 11, 22, hour, 3, 5, 0, time.UTC))
			if err != nil || got.String() != want {
				t.Fatalf("%s is %s, %v", pair, got, err)
			}
		}
	}
}
