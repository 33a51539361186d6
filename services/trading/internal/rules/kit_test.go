package rules_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
	"fxcore/services/market/pricing"
	"fxcore/services/market/realdata"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/trade"
)

// now is a Tuesday morning in the week of Thanksgiving: a EUR/USD spot trade settles on Friday.
var now = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

var dec = decimal.RequireFromString

func newRules() rules.Rules {
	return rules.Rules{Rollover: fxdate.NewRollover(), Longest: fxdate.Years(5), ReportTolerance: dec("4"), ReportBound: dec("2"), PointsAge: 2 * time.Hour, ReportAge: 7 * 24 * time.Hour}
}

// newMarket returns the real market of 2026-10-30 on the real calendars: EUR/USD at 1.1172, USD/JPY at 157.25027.
func newMarket(t testing.TB) *market.Market {
	t.Helper()
	mids := map[string]pricing.Mid{}
	for currency, rate := range realdata.Rates(t, "2026-10-30") {
		mids[currency] = pricing.Mid{Rate: rate, AsOf: now.Add(-2 * time.Second)}
	}
	delete(mids, "CAD") // CAD has no rate
	calendars := realdata.Calendars(t)
	delete(calendars, "CHF") // CHF has no calendar
	currencies := map[string]market.Currency{}
	for code, deposit := range map[string]string{"EUR": "0.02", "USD": "0.04", "GBP": "0.0375", "JPY": "0.0075", "CAD": "0.02", "CHF": "0", "MXN": "0.07"} {
		currencies[code] = market.Currency{Code: code, MinorUnits: 2, DepositRate: dec(deposit)}
	}
	currencies["JPY"] = market.Currency{Code: "JPY", MinorUnits: 0, DepositRate: dec("0.0075")}
	terms := func(base, quote string, lag int, decimals int32, factor int64) market.Terms {
		return market.Terms{
			Base: base, Quote: quote, SpotLag: lag, Decimals: decimals, PointsFactor: decimal.NewFromInt(factor),
			HalfSpread: dec("0.0002"), Band: dec("25"), MaxRateAge: 2 * time.Minute,
		}
	}
	return market.New(market.NewDirectory(market.Static{
		Currencies: currencies, Calendars: calendars, AsOf: now.Add(-time.Hour), MaxAge: 24 * time.Hour,
		Pairs: []market.Terms{
			terms("EUR", "USD", 2, 5, 10_000), terms("EUR", "GBP", 2, 5, 10_000), terms("USD", "JPY", 2, 3, 100),
			terms("USD", "CAD", 1, 5, 10_000), terms("EUR", "CHF", 2, 5, 10_000), terms("USD", "MXN", 2, 5, 10_000),
		},
	}), market.Rates{Mids: mids, Curves: map[string]market.Curve{}})
}

// spot returns a request that follows every rule. Tests change it.
func spot() rules.Request {
	return rules.Request{
		Kind: rules.Asked, Product: trade.Spot, Pair: "EUR/USD", Currency: "EUR", TradeDate: "2026-11-24", TransactedAt: now,
		Legs: []rules.RequestedLeg{{Side: trade.Buy, Amount: "1000000.00", Rate: "1.1175"}},
	}
}

func forward(tenor string) rules.Request {
	request := spot()
	request.Product, request.Legs[0].Tenor, request.Legs[0].Rate = trade.Forward, tenor, "1.1191"
	return request
}

func swap(near, far string) rules.Request {
	request := spot()
	request.Product = trade.Swap
	request.Legs[0].Tenor = near
	request.Legs = append(request.Legs, rules.RequestedLeg{Side: trade.Sell, Amount: "1000000.00", Rate: "1.1194205", Tenor: far})
	return request
}

// swapAt returns a swap with another far rate: near rate 1.1175 and its points.
func swapAt(far, nearTenor, farTenor string) rules.Request {
	request := swap(nearTenor, farTenor)
	request.Legs[1].Rate = far
	return request
}

// on returns a market that has been the same since any report's transaction time.
func on(m *market.Market) rules.Markets { return rules.Markets{Now: m, Then: m} }

func check(t testing.TB, request rules.Request) (rules.Accepted, *rules.Rejection) {
	t.Helper()
	return newRules().Check(on(newMarket(t)), now, request)
}
