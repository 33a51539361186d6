package line

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
	"fxcore/services/market/calendar"
	"fxcore/services/market/pricing"
	"fxcore/services/market/realdata"
	"fxcore/services/market/valuedate"
)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func nullable(text string) decimal.NullDecimal { return decimal.NewNullDecimal(dec(text)) }

func day(text string) time.Time {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return d
}

var calendars = sync.OnceValue(func() map[string]*calendar.Calendar { return realdata.Calendars(new(testing.T)) })

// theMarket is Thursday 2026-11-19: round numbers, real calendars.
func theMarket() *market.Market { return marketOf(nil) }

// marketOf returns theMarket after a change of what it is made of.
func marketOf(change func(*market.Static, map[string]pricing.Mid)) *market.Market {
	static := market.Static{Calendars: calendars(), Currencies: map[string]market.Currency{}}
	for code, rate := range map[string]string{"USD": "0.036", "EUR": "0.018", "JPY": "0", "GBP": "0", "CHF": "0"} {
		static.Currencies[code] = market.Currency{Code: code, MinorUnits: 2, DepositRate: dec(rate)}
	}
	for name, volatility := range map[string]string{"EUR/USD": "0.10", "USD/JPY": "0.12", "GBP/JPY": "0.10", "EUR/CHF": "0.10"} {
		base, quote, _ := strings.Cut(name, "/")
		static.Pairs = append(static.Pairs, market.Terms{
			Base: base, Quote: quote, SpotLag: 2, Decimals: 5, PointsFactor: dec("10000"), Volatility: dec(volatility),
		})
	}
	mids := map[string]pricing.Mid{"EUR": {Rate: dec("1")}, "USD": {Rate: dec("1.25")}, "JPY": {Rate: dec("200")}, "GBP": {Rate: dec("0.8")}}
	if change != nil {
		change(&static, mids)
	}
	return market.New(market.NewDirectory(static), market.Rates{Mids: mids})
}

// table is the standard table of add-ons.
func table() AddOns {
	var all AddOns
	for name, factor := range map[string]string{"1W": "0.028", "1M": "0.057", "3M": "0.098", "6M": "0.139", "1Y": "0.196", "5Y": "0.438"} {
		all = append(all, AddOn{tenor(name), dec(factor)})
	}
	return all
}

func tenor(name string) fxdate.Tenor {
	t, err := fxdate.ParseTenor(name)
	if err != nil {
		panic(err)
	}
	return t
}

func date(text string) fxdate.Date {
	d, err := fxdate.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

func haircuts() Haircuts {
	h := Haircuts{}
	for class, cut := range map[string]string{
		"cash": "0", "sovereign_1y": "0.005", "sovereign_5y": "0.02", "sovereign_long": "0.04",
		"other_1y": "0.01", "other_5y": "0.04", "other_long": "0.08",
		"index_equity": "0.15", "equity": "0.25", "currency_mismatch": "0.08",
	} {
		h[class] = dec(cut)
	}
	return h
}

func spotDeal(side Side, amount, rate string) Deal {
	return spotDealIn(theMarket(), "EUR/USD", side, amount, rate)
}

func spotDealIn(m *market.Market, name string, side Side, amount, rate string) Deal {
	pair, err := m.Pair(name)
	if err != nil {
		panic(err)
	}
	return Deal{
		Pair: pair, Dates: valuedate.Dates{Trade: date("2026-11-19"), Spot: date("2026-11-23")},
		Legs: []Leg{{ValueDate: date("2026-11-23"), Side: side, BaseAmount: dec(amount), QuoteAmount: dec(amount).Mul(dec(rate)).Round(2), Rate: dec(rate)}},
	}
}

func equal(t *testing.T, what string, got decimal.Decimal, want string) {
	t.Helper()
	if !got.Equal(dec(want)) {
		t.Errorf("%s: got %s, want %s", what, got, want)
	}
}
