package rules_test

import (
	"strings"
	"testing"
	"time"

	"fxcore/services/contract/reason"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/trade"
)

// spoiled returns the valid spot request after one change.
func spoiled(spoil func(*rules.Request)) rules.Request {
	request := spot()
	spoil(&request)
	return request
}

// TestRejections checks the exact code and text of each rejection.
func TestRejections(t *testing.T) {
	cases := []struct {
		rule    string
		request rules.Request
		code    reason.Code
		text    string
	}{
		{"no pair", spoiled(func(r *rules.Request) { r.Pair = "EURUSD" }), reason.UnknownPair, `"EURUSD" is not a currency pair; write it as EUR/USD`},
		{"no pair, and no currency", spoiled(func(r *rules.Request) { r.Pair, r.Currency = "EURUSD", "" }), reason.UnknownPair, `"EURUSD" is not a currency pair; write it as EUR/USD`},
		{"same currency twice", spoiled(func(r *rules.Request) { r.Pair = "EUR/EUR" }), reason.SameCurrency, "EUR/EUR is one currency against itself; name two"},
		{"unknown currency", spoiled(func(r *rules.Request) { r.Pair = "EUR/XXX" }), reason.CurrencyUnknown, `the bank does not deal the currency "XXX" of EUR/XXX`},
		{"unknown pair", spoiled(func(r *rules.Request) { r.Pair = "GBP/JPY" }), reason.UnknownPair, "the bank does not deal GBP/JPY"},
		{"pair in the other order", spoiled(func(r *rules.Request) { r.Pair = "USD/EUR" }), reason.UnknownPair, "USD/EUR is dealt as EUR/USD; ask for it, and quote its rate, in that order"},
		{"dealt currency of another pair", spoiled(func(r *rules.Request) { r.Currency = "GBP" }), reason.CurrencyUnknown, `the amount is in "GBP", which is neither EUR nor USD`},

		{"unknown kind", spoiled(func(r *rules.Request) { r.Kind = "order" }), reason.ProductNotAllowed, `"order" is neither a request to trade nor a report of a trade`},
		{"unknown product", spoiled(func(r *rules.Request) { r.Product = "option" }), reason.ProductNotAllowed, `the bank deals spot, forward and swap, not "option"`},
		{"wrong number of legs", spoiled(func(r *rules.Request) { r.Product = trade.Swap }), reason.ProductNotAllowed, "a swap has 2 leg(s), this has 1"},
		{"no side", spoiled(func(r *rules.Request) { r.Legs[0].Side = "" }), reason.ProductNotAllowed, `the side "" is neither buy nor sell`},

		{"amount that is no number", spoiled(func(r *rules.Request) { r.Legs[0].Amount = "1e6" }), reason.InvalidAmount, `the amount "1e6" is not a decimal number`},
		{"amount with a bomb in the exponent", spoiled(func(r *rules.Request) { r.Legs[0].Amount = "1e999999999" }), reason.InvalidAmount, `the amount "1e999999999" is not a decimal number`},
		{"amount of zero", spoiled(func(r *rules.Request) { r.Legs[0].Amount = "0" }), reason.InvalidAmount, "the amount 0 EUR must be greater than zero; the side says buy or sell"},
		{"negative amount", spoiled(func(r *rules.Request) { r.Legs[0].Amount = "-5.00" }), reason.InvalidAmount, "the amount -5 EUR must be greater than zero; the side says buy or sell"},
		{"absurd amount", spoiled(func(r *rules.Request) { r.Legs[0].Amount = "10000000000000.01" }), reason.InvalidAmount, "the amount 10000000000000.01 EUR is above 10000000000000, the most that is accepted"},
		{"over-precise amount", spoiled(func(r *rules.Request) { r.Legs[0].Amount = "100.001" }), reason.OverPrecise, "the amount 100.001 EUR has more than the 2 decimals of the currency"},
		{"amount that vanishes in the other currency", spoiled(func(r *rules.Request) {
			r.Pair, r.Currency, r.Legs[0].Amount, r.Legs[0].Rate = "USD/JPY", "JPY", "1", "1000"
		}), reason.InvalidAmount, "1 JPY at 1000 rounds to zero in the other currency; ask for a larger amount"},
		{"over-precise yen", spoiled(func(r *rules.Request) { r.Pair, r.Currency, r.Legs[0].Amount = "USD/JPY", "JPY", "100.5" }), reason.OverPrecise, "the amount 100.5 JPY has more than the 0 decimals of the currency"},
		{"no rate", spoiled(func(r *rules.Request) { r.Legs[0].Rate = "" }), reason.OffMarket, `the rate "" is not a decimal number; a trade needs the rate at which it was dealt`},
		{"rate of zero", spoiled(func(r *rules.Request) { r.Legs[0].Rate = "0" }), reason.OffMarket, "the rate 0 of EUR/USD must be greater than zero"},
		{"negative rate", spoiled(func(r *rules.Request) { r.Legs[0].Rate = "-1.1" }), reason.OffMarket, "the rate -1.1 of EUR/USD must be greater than zero"},
		{"absurd rate", spoiled(func(r *rules.Request) { r.Legs[0].Rate = "99999999999999" }), reason.OffMarket, "the rate 99999999999999 of EUR/USD is not below 1000000000, which is more than the bank can book"},
		{"amount that can not be booked", spoiled(func(r *rules.Request) {
			r.Pair, r.Currency, r.Legs[0].Amount, r.Legs[0].Rate = "USD/JPY", "USD", "9000000000000", "157"
		}), reason.InvalidAmount, "9000000000000 USD at 157 is 1000000000000000 JPY or more in the other currency, which the bank cannot book"},
		{"over-precise rate", spoiled(func(r *rules.Request) { r.Legs[0].Rate = "1.117201" }), reason.OverPrecise, "the rate 1.117201 of EUR/USD for 2026-11-27 has more than 5 decimals"},

		{"trade date that is none", spoiled(func(r *rules.Request) { r.TradeDate = "24.11.2026" }), reason.InvalidDate, `the trade date "24.11.2026" is not a calendar date YYYY-MM-DD`},
		{"trade date of last week", spoiled(func(r *rules.Request) { r.TradeDate = "2026-11-20" }), reason.InvalidDate, "the trade date 2026-11-20 is neither today's, 2026-11-24, nor the one before, 2026-11-23"},
		{"trade date in the future", spoiled(func(r *rules.Request) { r.TradeDate = "2026-11-25" }), reason.InvalidDate, "the trade date 2026-11-25 is neither today's, 2026-11-24, nor the one before, 2026-11-23"},
		{"trade date of another time", spoiled(func(r *rules.Request) { r.TradeDate = "2026-11-23" }), reason.InvalidDate, "the trade date 2026-11-23 is not that of the transaction time 2026-11-24 10:00:00Z, which is 2026-11-24"},
		{"value date that is none", spoiled(func(r *rules.Request) { r.Legs[0].ValueDate = "2026-11-31" }), reason.InvalidDate, `the value date "2026-11-31" is not a calendar date YYYY-MM-DD`},
		{"holiday", spoiled(func(r *rules.Request) { r.Legs[0].ValueDate = "2026-11-26" }), reason.Holiday, "the value date 2026-11-26 is a holiday in USD (Thanksgiving Day); the next good date is 2026-11-27"},
		{"dollar holiday on a cross", spoiled(func(r *rules.Request) { r.Pair, r.Legs[0].ValueDate = "EUR/GBP", "2026-11-26" }), reason.Holiday, "the value date 2026-11-26 is a holiday in USD (Thanksgiving Day); the next good date is 2026-11-27"},
		{"weekend", spoiled(func(r *rules.Request) { r.Legs[0].ValueDate = "2026-11-28" }), reason.Holiday, "the value date 2026-11-28 is a Saturday, weekend in EUR; the next good date is 2026-11-30"},
		{"past date", spoiled(func(r *rules.Request) { r.Legs[0].ValueDate = "2026-11-23" }), reason.PastDate, "the value date 2026-11-23 has passed: today's trade date is 2026-11-24; ask for spot, 2026-11-27, or later"},
		{"spot not on the spot date", spoiled(func(r *rules.Request) { r.Legs[0].ValueDate = "2026-11-30" }), reason.InvalidDate, "the value date 2026-11-30 is not the spot date of EUR/USD, 2026-11-27; another date is a forward or a swap"},
		{"spot for tomorrow", spoiled(func(r *rules.Request) { r.Legs[0].Tenor = "TOM" }), reason.InvalidDate, "the value date 2026-11-25 is not the spot date of EUR/USD, 2026-11-27; another date is a forward or a swap"},
		{"forward without a date", forward(""), reason.InvalidDate, "leg 1 has neither a tenor nor a value date; send one"},
		{"unknown tenor", forward("1X"), reason.InvalidDate, `the tenor "1X" is not one of TOD, TOM, ON, TN, SPOT, SN, 3D, 1W, 1M, 1Y, IMM; a count is at most 520, of years 43`},
		{"beyond the longest tenor", forward("61M"), reason.BeyondMaxTenor, "the value date 2031-12-29 is more than 5Y after spot, 2026-11-27; the last one is 2031-11-28"},

		{"swap back to front", swap("1M", "1W"), reason.InvalidDate, "the far date 2026-12-04 of a swap must be after its near date, 2026-12-28"},
		{"swap on one date", swap("1M", "1M"), reason.InvalidDate, "the far date 2026-12-28 of a swap must be after its near date, 2026-12-28"},
		{"tom-next where tomorrow is spot", spoiled(func(r *rules.Request) {
			*r = swap("", "TN")
			r.Pair, r.Currency, r.Legs[0].Rate, r.Legs[1].Rate = "USD/CAD", "USD", "1.39", "1.39"
		}), reason.InvalidDate, "USD/CAD has no such tenor: TN, because tomorrow 2026-11-25 is spot; send a value date"},

		{
			"off-market price", spoiled(func(r *rules.Request) { r.Legs[0].Rate = "1.2000" }), reason.OffMarket,
			"the rate 1.2 of EUR/USD for 2026-11-27 differs by 7.4114% from the reference 1.1172 (as of 2026-11-24 09:59:58Z); the tolerance is 0.5%: ask for a new price",
		},
		{
			"off-market points", spoiled(func(r *rules.Request) { *r = swap("SPOT", "1M"); r.Legs[1].Rate = "1.1294" }), reason.OffMarket,
			"the 119 swap points of EUR/USD for 2026-12-28 differ by 100.055 from the market's 18.945 (as of 2026-11-24 09:59:58Z); the tolerance is 3.26 points: ask for a new price",
		},
		{
			"rate not arrived", spoiled(func(r *rules.Request) { r.Pair, r.Currency = "USD/CAD", "USD" }), reason.NoStaticData,
			"the bank cannot judge the trade now: static data is missing or too old: no reference rate for USD/CAD; send a new request later",
		},
		{
			"calendar not arrived", spoiled(func(r *rules.Request) { r.Pair = "EUR/CHF" }), reason.NoStaticData,
			"the bank cannot judge the trade now: static data is missing or too old: EUR/CHF: the calendar of CHF is not in static data; send a new request later",
		},
	}
	m, r := newMarket(t), newRules()
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			accepted, rejection := r.Check(on(m), now, c.request)
			if rejection == nil {
				t.Fatalf("accepted: %+v", accepted)
			}
			if rejection.Code != c.code || rejection.Text != c.text {
				t.Errorf("\n got %s: %s\nwant %s: %s", rejection.Code, rejection.Text, c.code, c.text)
			}
		})
	}
}

func TestUnevenAndOneWaySwapsAreRefused(t *testing.T) {
	uneven, oneWay := swap("SPOT", "1M"), swap("SPOT", "1M")
	uneven.Legs[1].Amount = "2000000"
	oneWay.Legs[1].Side = trade.Buy
	if _, got := check(t, uneven); got == nil || got.Code != reason.InvalidAmount {
		t.Errorf("an uneven swap: %v", got)
	}
	if _, got := check(t, oneWay); got == nil || got.Code != reason.ProductNotAllowed {
		t.Errorf("a swap whose legs go the same way: %v", got)
	}
}

func TestAStaleRateJudgesNothing(t *testing.T) {
	m, r := newMarket(t), newRules()
	if _, rejection := r.Check(on(m), now.Add(118*time.Second), spot()); rejection != nil {
		t.Errorf("a rate of exactly the bound's age: %v", rejection)
	}
	_, rejection := r.Check(on(m), now.Add(118*time.Second+time.Millisecond), spot())
	if rejection == nil || rejection.Code != reason.StaleRate {
		t.Fatalf("a rate older than the bound: %v", rejection)
	}
	want := "the reference rate of EUR/USD is 2m0s old (as of 2026-11-24 09:59:58Z), above the bound of 2m0s; send a new request later"
	if rejection.Text != want {
		t.Errorf("\n got %s\nwant %s", rejection.Text, want)
	}
}

func TestOldStaticDataJudgesNothing(t *testing.T) {
	_, rejection := newRules().Check(on(newMarket(t)), now.Add(24*time.Hour), spot())
	want := "the bank cannot judge the trade now: static data is missing or too old: pairs and calendars are as of 2026-11-24T09:00:00Z, older than 24h0m0s; send a new request later"
	if rejection == nil || rejection.Code != reason.NoStaticData || rejection.Text != want {
		t.Errorf("rejection %v", rejection)
	}
}

func TestHostileTextIsShownShortAndEscaped(t *testing.T) {
	request := spot()
	request.Legs[0].Amount = strings.Repeat("\x00\xff", 5_000_000)
	_, rejection := check(t, request)
	if rejection == nil || len(rejection.Text) > 300 || strings.ContainsRune(rejection.Text, 0) {
		t.Errorf("rejection %.400v", rejection)
	}
}
