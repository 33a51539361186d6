package dates

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
	"fxcore/services/market/hours"
	"fxcore/services/market/pricing"
	"fxcore/services/market/realdata"
)

// ever is an age that no data of the test reaches.
const ever = 100 * 365 * 24 * time.Hour

// Market returns the demo bank's pairs with their rolls, cut-offs and broken dates, on real calendars and rates. Prices of any
// kind are within its bands, and no rate is too old: only dates decide.
func Market(t testing.TB) *market.Market {
	t.Helper()
	static := market.Static{
		Currencies: map[string]market.Currency{}, Calendars: realdata.Calendars(t), AsOf: first.Time(), MaxAge: ever,
	}
	currencies, err := demo.Currencies()
	must(t, err)
	for _, c := range currencies {
		static.Currencies[c.Code] = market.Currency{
			Code: c.Code, MinorUnits: int32(c.MinorUnits), DepositRate: c.DepositRate, CutOffs: cutOffs(t, c.CutOffs),
		}
	}
	for _, p := range pairs(t) {
		static.Pairs = append(static.Pairs, market.Terms{
			Base: p.Base(), Quote: p.Quote(), SpotLag: p.SpotLag, Decimals: int32(p.RateDecimals),
			PointsFactor: decimal.NewFromInt(int64(p.PointsFactor)), Volatility: p.Volatility, HalfSpread: decimal.NewFromInt(1),
			Band: decimal.NewFromInt(1_000), MaxRateAge: ever, BrokenDates: p.BrokenDates, Rolls: rolls(t, p.Rolls),
		})
	}
	mids := map[string]pricing.Mid{}
	for code, rate := range realdata.Rates(t, "2026-10-30") {
		mids[code] = pricing.Mid{Rate: rate, AsOf: first.Time()}
	}
	return market.New(market.NewDirectory(static), market.Rates{Mids: mids, Curves: map[string]market.Curve{}, AsOf: first.Time()})
}

func pairs(t testing.TB) []demo.Pair {
	t.Helper()
	all, err := demo.Pairs()
	must(t, err)
	return all
}

func rolls(t testing.TB, of []demo.Roll) []hours.Roll {
	t.Helper()
	var all []hours.Roll
	for _, r := range of {
		all = append(all, hours.Roll{From: fxdate.DateOf(r.From), At: realdata.TimeOfDay(t, r.At, r.Zone)})
	}
	return all
}

func cutOffs(t testing.TB, of []demo.CutOff) hours.CutOffs {
	t.Helper()
	var all []hours.CutOff
	for _, c := range of {
		at := realdata.TimeOfDay(t, c.At, c.Zone)
		all = append(all, hours.CutOff{From: fxdate.DateOf(c.From), DaysBefore: c.DaysBefore, At: at})
	}
	found, err := hours.NewCutOffs(all...)
	must(t, err)
	return found
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
