package rules_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/market"
	"fxcore/services/market/hours"
	"fxcore/services/market/pricing"
	"fxcore/services/market/realdata"
)

// marketPairs are the pairs of marketOf, with their spot lags, decimals, points factors and half spreads as the bank has them.
var marketPairs = []market.Terms{
	terms("EUR", "USD", 2, 5, "10000", "0.00003"), terms("EUR", "GBP", 2, 5, "10000", "0.00003"), terms("NZD", "USD", 2, 5, "10000", "0.00008"),
	terms("USD", "JPY", 2, 3, "100", "0.00003"), terms("USD", "CAD", 1, 5, "10000", "0.00003"), terms("USD", "CHF", 2, 5, "10000", "0.00003"),
	terms("USD", "MXN", 2, 5, "10000", "0.00025"), terms("USD", "HKD", 2, 5, "10000", "0.00025"), terms("USD", "BRL", 2, 5, "10000", "0.0008"),
	terms("USD", "INR", 2, 4, "100", "0.00025"),
}

func terms(base, quote string, lag int, decimals int32, factor, halfSpread string) market.Terms {
	return market.Terms{
		Base: base, Quote: quote, SpotLag: lag, Decimals: decimals, PointsFactor: dec(factor), HalfSpread: dec(halfSpread), Band: dec(bandOf(halfSpread)),
		MaxRateAge: 5 * time.Minute,
	}
}

// bandOf returns the bank's band for a half spread.
func bandOf(halfSpread string) string {
	return map[string]string{"0.00003": "15", "0.00008": "5", "0.00025": "3", "0.0008": "3"}[halfSpread]
}

// marketOf returns the real rates of 2026-10-30 as of an instant, on the real calendars.
func marketOf(t testing.TB, at time.Time, change func(*market.Terms), cutOffs ...map[string]hours.CutOff) *market.Market {
	t.Helper()
	return marketWith(t, "2026-10-30", at, market.Rates{}, change, cutOffs...)
}

// marketWith returns the real rates of a day as of an instant, with more of the market.
func marketWith(t testing.TB, day string, at time.Time, more market.Rates, change func(*market.Terms), cutOffs ...map[string]hours.CutOff) *market.Market {
	t.Helper()
	currencies := map[string]market.Currency{}
	more.Mids, more.AsOf = map[string]pricing.Mid{}, at
	if more.Curves == nil {
		more.Curves = map[string]market.Curve{}
	}
	for code, rate := range realdata.Rates(t, day) {
		more.Mids[code] = pricing.Mid{Rate: rate, AsOf: at}
		currencies[code] = market.Currency{Code: code, MinorUnits: 2, DepositRate: dec("0.02")}
	}
	for _, byCurrency := range cutOffs {
		for code, cutOff := range byCurrency {
			currency := currencies[code]
			sorted, err := hours.NewCutOffs(cutOff)
			if err != nil {
				t.Fatal(err)
			}
			currency.CutOffs = sorted
			currencies[code] = currency
		}
	}
	pairs := make([]market.Terms, len(marketPairs))
	for i, pair := range marketPairs {
		if change != nil {
			change(&pair)
		}
		pairs[i] = pair
	}
	return market.New(market.NewDirectory(market.Static{
		Currencies: currencies, Calendars: realdata.Calendars(t), Pairs: pairs, AsOf: at, MaxAge: 24 * time.Hour,
	}), more)
}

// withRates returns the market of newMarket with more mids.
func withRates(t testing.TB, mids map[string]string) *market.Market {
	t.Helper()
	m := newMarket(t)
	rates := m.Rates()
	all := map[string]pricing.Mid{}
	for currency, mid := range rates.Mids {
		all[currency] = mid
	}
	for currency, mid := range mids {
		all[currency] = pricing.Mid{Rate: decimal.RequireFromString(mid), AsOf: now}
	}
	return market.New(m.Directory, market.Rates{Mids: all, Curves: map[string]market.Curve{}, AsOf: now})
}
