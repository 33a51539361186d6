package valuedate_test

import (
	"testing"

	"pgregory.net/rapid"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market/calendar"
	"fxcore/services/market/realdata"
	"fxcore/services/market/valuedate"
)

func TestSpotDate(t *testing.T) {
	cases := []struct {
		rule, base, quote string
		lag               int
		trade, want       string
	}{
		{"the Fed is open on the Friday before a Saturday holiday", "EUR", "USD", 2, "2026-07-01", "2026-07-03"},
		{"a dollar holiday on T+2 moves spot", "EUR", "USD", 2, "2026-11-24", "2026-11-27"},
		{"a dollar holiday on T+1 does not count", "EUR", "USD", 2, "2026-11-25", "2026-11-27"},
		{"a dollar holiday on T+1 counts against MXN", "USD", "MXN", 2, "2026-11-25", "2026-11-30"},
		{"CAD settles on T+1, past the dollar holiday", "USD", "CAD", 1, "2026-11-25", "2026-11-27"},
		{"TRY settles on T+1, past the dollar holiday", "USD", "TRY", 1, "2026-11-25", "2026-11-27"},
		{"a dollar holiday moves the spot of a cross", "EUR", "GBP", 2, "2026-11-24", "2026-11-27"},
		{"a yen holiday on T+1 counts", "USD", "JPY", 2, "2026-04-28", "2026-05-01"},
		{"Christmas in EUR", "EUR", "USD", 2, "2026-12-23", "2026-12-28"},
		{"Christmas and its substitute day in GBP", "GBP", "USD", 2, "2026-12-23", "2026-12-29"},
		{"Good Friday and Easter Monday in EUR", "EUR", "USD", 2, "2026-04-01", "2026-04-07"},
		{"a cross of lags 2 and 1 takes the later", "GBP", "CAD", 2, "2026-06-16", "2026-06-18"},
		{"lag 0 settles on the trade date", "USD", "TRY", 0, "2026-11-24", "2026-11-24"},
		{"lag 0 on a holiday settles on the next good day", "USD", "TRY", 0, "2026-11-26", "2026-11-27"},
		{"CLP counts the dollar holiday as MXN does", "USD", "CLP", 2, "2026-11-25", "2026-11-30"},
		{"MXN against the euro does not", "EUR", "MXN", 2, "2026-11-25", "2026-11-27"},
		{"an ordinary week", "EUR", "USD", 2, "2026-11-16", "2026-11-18"},
		{"over a weekend", "EUR", "USD", 2, "2026-11-19", "2026-11-23"},
	}
	calendars := realdata.Calendars(t)
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			p := pair(t, calendars, c.base, c.quote, c.lag)
			got, err := p.Spot(realdata.Date(t, c.trade))
			if err != nil || got.String() != c.want {
				t.Errorf("%s/%s traded %s: spot %s, %v, want %s", c.base, c.quote, c.trade, got, err, c.want)
			}
		})
	}
}

func TestSpotIsAGoodDayOfBothCurrenciesAndTheDollar(t *testing.T) {
	calendars := realdata.Calendars(t)
	rapid.Check(t, func(t *rapid.T) {
		p, trade := drawPair(t, calendars), drawTradeDate(t)
		spot, err := p.Spot(trade)
		if err != nil {
			t.Fatal(err)
		}
		if closure, closed := p.Joint().Closed(spot); closed || spot < trade {
			t.Fatalf("traded %s: spot %s is %s", trade, spot, closure)
		}
		later, err := p.Spot(trade.AddDays(1))
		if err != nil || later < spot {
			t.Fatalf("spot goes back from %s to %s when the trade date goes on from %s, %v", spot, later, trade, err)
		}
	})
}

func TestNewPairRefusesWhatStaticDataMayLack(t *testing.T) {
	calendars := realdata.Calendars(t)
	eur, usd := calendars["EUR"], calendars["USD"]
	if _, err := valuedate.NewPair(2, eur, nil, usd); err == nil {
		t.Error("a missing calendar was accepted")
	}
	if _, err := valuedate.NewPair(2, eur, usd, eur); err == nil {
		t.Error("another calendar in the dollar's place was accepted")
	}
	for _, lag := range []int{-1, 5} {
		if _, err := valuedate.NewPair(lag, eur, usd, usd); err == nil {
			t.Errorf("lag %d was accepted", lag)
		}
	}
}

func pair(t testing.TB, calendars map[string]*calendar.Calendar, base, quote string, lag int) valuedate.Pair {
	t.Helper()
	p, err := valuedate.NewPair(lag, calendars[base], calendars[quote], calendars["USD"])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func drawPair(t *rapid.T, calendars map[string]*calendar.Calendar) valuedate.Pair {
	currency := rapid.SampledFrom([]string{"EUR", "USD", "GBP", "JPY", "CHF", "CAD", "MXN", "TRY", "AED", "SAR", "ILS", "CNY", "CLP"})
	base := currency.Draw(t, "base")
	quote := currency.Filter(func(c string) bool { return c != base }).Draw(t, "quote")
	p, err := valuedate.NewPair(rapid.IntRange(0, 2).Draw(t, "lag"), calendars[base], calendars[quote], calendars["USD"])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func drawTradeDate(t *rapid.T) fxdate.Date {
	first, last := fxdate.NewDate(2016, 1, 1), fxdate.NewDate(2045, 12, 31)
	return fxdate.Date(rapid.Int32Range(int32(first), int32(last)).Draw(t, "trade date"))
}
