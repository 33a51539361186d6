package rules_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/contract/reason"
	"fxcore/services/market"
	"fxcore/services/market/pricing"
	"fxcore/services/market/realdata"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/trade"
)

func tenorOf(t testing.TB, name string) fxdate.Tenor {
	t.Helper()
	tenor, err := fxdate.ParseTenor(name)
	if err != nil {
		t.Fatal(err)
	}
	return tenor
}

// quoting returns the market with two quotes below the market: QS for spot and QW for a swap.
func quoting(t testing.TB) *market.Market {
	t.Helper()
	quote := market.Quote{
		ID: "QS", Pair: "EUR/USD", Product: "spot", Side: "buy", Currency: "EUR", Amount: dec("10000000"), Rate: dec("1.11173"),
		Tenor: tenorOf(t, "SPOT"), Provider: market.Everybody, ValidUntil: now,
	}
	nobodys := quote
	nobodys.ID, nobodys.Provider = "QN", ""
	swap, expired, private := quote, quote, quote
	swap.ID, swap.Product, swap.Points, swap.Tenor = "QW", "swap", dec("19.2"), tenorOf(t, "1M")
	expired.ID, expired.ValidUntil = "QE", now.Add(-time.Second)
	used := quote
	used.ID = "QU"
	foreign := quote
	foreign.ID, foreign.Provider = "QF", "BETA"
	own := quote
	own.ID, own.Provider = "QO", "ALPHA"
	private.ID, private.Client, private.Tenor, private.ValueDate = "QP", "C000001", fxdate.Tenor{}, realdata.Date(t, "2026-11-27")
	return marketWith(t, "2026-10-30", now, market.Rates{Quotes: map[string]market.Quote{"QS": quote, "QW": swap, "QE": expired, "QP": private, "QU": used, "QF": foreign, "QO": own, "QN": nobodys}}, nil)
}

// TestTheBandIsAMultipleOfTheHalfSpread: a client buys EUR 10 m 54,700 USD below the market.
func TestTheBandIsAMultipleOfTheHalfSpread(t *testing.T) {
	m := quoting(t)
	request := spot()
	request.Legs[0].Amount, request.Legs[0].Rate = "10000000", "1.11173"
	_, rejection := newRules().Check(on(m), now, request)
	want := "the rate 1.11173 of EUR/USD for 2026-11-27 differs by 0.4896% from the reference 1.1172 (as of 2026-11-24 10:00:00Z); the tolerance is 0.045%: ask for a new price"
	if rejection == nil || rejection.Code != reason.OffMarket || rejection.Text != want {
		t.Errorf("without a quote:\n got %v\nwant %s", rejection, want)
	}
	for rate, accepted := range map[string]bool{"1.1177": true, "1.11771": false, "1.1167": true, "1.11669": false} { // 0.00050274 off
		request.Legs[0].Rate = rate
		if _, rejection := newRules().Check(on(m), now, request); (rejection == nil) != accepted {
			t.Errorf("%s: %v", rate, rejection)
		}
	}
}

// TestPointsAreJudgedByTheirOwnSpread: tom-next is worth a third of a pip, a month two pips more than the tolerance.
func TestPointsAreJudgedByTheirOwnSpread(t *testing.T) {
	m := marketWith(t, "2026-10-30", now, market.Rates{Curves: map[string]market.Curve{"EUR/USD": {
		tenorOf(t, "TOM"): dec("-0.6"), tenorOf(t, "1M"): dec("19"), tenorOf(t, "5Y"): dec("1000"),
	}}}, nil)
	for _, c := range []struct {
		tenor, far string
		accepted   bool
	}{
		{"TN", "1.11726", true}, {"TN", "1.117271", true}, {"TN", "1.117273", false}, {"TN", "1.11802", false}, // 0.6 ± 0.124
		{"1M", "1.1191", true}, {"1M", "1.11914", true}, {"1M", "1.11916", false}, {"1M", "1.11904", false}, // 19 ± 0.488
		{"5Y", "1.2172", true}, {"5Y", "1.21757", true}, {"5Y", "1.2177", false}, // 1000 ± 4.08
	} {
		request := swapAt(c.far, "", c.tenor)
		request.Legs[0].Rate = "1.1172"
		if _, rejection := newRules().Check(on(m), now, request); (rejection == nil) != c.accepted || rejection != nil && rejection.Code != reason.OffMarket {
			t.Errorf("%s at %s: %v", c.tenor, c.far, rejection)
		}
	}
	outright := forward("5Y") // 0.00050274 of the rate, and 0.00037535 of the points
	for rate, accepted := range map[string]bool{"1.21815": true, "1.2182": false} {
		outright.Legs[0].Rate = rate
		if _, rejection := newRules().Check(on(m), now, outright); (rejection == nil) != accepted {
			t.Errorf("an outright at %s: %v", rate, rejection)
		}
	}
}

// TestWithoutPointsThereIsSpotOnly: parity is no substitute for points that the market quotes.
func TestWithoutPointsThereIsSpotOnly(t *testing.T) {
	month := map[string]market.Curve{"EUR/USD": {tenorOf(t, "1M"): dec("19")}}
	for rule, c := range map[string]struct {
		curves map[string]market.Curve
		asOf   time.Time
		code   reason.Code
		text   string
	}{
		"none delivered": {nil, time.Time{}, reason.NoStaticData, "the bank cannot judge the trade now: static data is missing or too old: the bank has delivered no forward points; send a new request later"},
		"none readable": {
			map[string]market.Curve{"EUR/USD": {}},
			time.Time{},
			reason.NoStaticData,
			"the bank cannot judge the trade now: static data is missing or too old: no forward points of EUR/USD are readable; send a new request later",
		},
		"too old": {
			month, now.Add(-2*time.Hour - time.Second), reason.StaleRate,
			"the forward points of EUR/USD are 2h0m1s old (as of 2026-11-24 07:59:59Z), above the bound of 2h0m0s; deal spot, or send a new request later",
		},
		"old enough": {month, now.Add(-2 * time.Hour), "", ""},
	} {
		t.Run(rule, func(t *testing.T) {
			base := newMarket(t)
			rates := base.Rates()
			rates.Curves, rates.PointsAsOf = c.curves, nil
			if !c.asOf.IsZero() {
				rates.PointsAsOf = map[string]time.Time{"EUR/USD": c.asOf}
			}
			m := market.New(base.Directory, rates)
			if _, rejection := newRules().Check(on(m), now, spot()); rejection != nil {
				t.Errorf("spot: %v", rejection)
			}
			for _, request := range []rules.Request{forward("1M"), swap("SPOT", "1M")} {
				_, rejection := newRules().Check(on(m), now, request)
				if (rejection == nil) != (c.code == "") || rejection != nil && (rejection.Code != c.code || rejection.Text != c.text) {
					t.Errorf("%s: %v", request.Product, rejection)
				}
			}
			reported := forward("1M")
			reported.Kind = rules.Reported
			if _, rejection := newRules().Check(on(m), now, reported); rejection != nil {
				t.Errorf("a report: %v", rejection)
			}
		})
	}
}

// TestTheBandCoversWhatTheRateMayHaveMoved: a reference of five minutes ago allows more than a fresh one.
func TestTheBandCoversWhatTheRateMayHaveMoved(t *testing.T) {
	m := marketOf(t, now, func(pair *market.Terms) { pair.Volatility = dec("0.075") })
	request := spot()
	request.Legs[0].Rate = "1.11810" // 0.0009 off: 0.00050274 of the band, and of the move, which is 0.00077530, as much at most
	if _, rejection := newRules().Check(on(m), now, request); rejection == nil || rejection.Code != reason.OffMarket {
		t.Errorf("a fresh rate: %v", rejection)
	}
	if _, rejection := newRules().Check(on(m), now.Add(5*time.Minute), request); rejection != nil {
		t.Errorf("a rate of five minutes ago: %v", rejection)
	}
}

// TestAnOldReferenceAtMostDoublesTheBand: EUR 10 m at the terms of the bank's data for EUR/USD, a band of 15 half spreads of 0.003 %.
// The reference is 1.1172 and never older than the pair allows.
func TestAnOldReferenceAtMostDoublesTheBand(t *testing.T) {
	m := marketOf(t, now, func(pair *market.Terms) {
		pair.HalfSpread, pair.Band, pair.Volatility, pair.MaxRateAge = dec("0.00003"), dec("15"), dec("0.075"), 5*time.Minute
	})
	for _, c := range []struct {
		rate    string
		age     time.Duration
		allowed bool
	}{
		{"1.11670", 0, true},  // 0.0448 %
		{"1.11669", 0, false}, // 0.0457 %
		{"1.11649", 90 * time.Second, true},
		{"1.11620", 5 * time.Minute, true},  // 0.0895 %
		{"1.11619", 5 * time.Minute, false}, // 0.0904 %: three standard deviations of the move would allow 0.1225 %
		{"1.11821", 5 * time.Minute, false}, // and on the other side
		{"1.11173", 5 * time.Minute, false}, // EUR 10 m at 54,700 USD below the market
	} {
		request := spot()
		request.Legs[0].Amount, request.Legs[0].Rate = "10000000", c.rate
		_, rejection := newRules().Check(on(m), now.Add(c.age), request)
		if (rejection == nil) != c.allowed || rejection != nil && rejection.Code != reason.OffMarket {
			t.Errorf("%s, reference of %s ago: %v", c.rate, c.age, rejection)
		}
	}
}

// TestAClientGainsNoMoreThanItsBand: without a quote the client chooses the price. It may not buy below the market and sell above it
// as far as it may pay. The reference is 1.1172, with the bank's data for EUR/USD.
func TestAClientGainsNoMoreThanItsBand(t *testing.T) {
	bands := func(client decimal.NullDecimal) *market.Market {
		return marketOf(t, now, func(pair *market.Terms) {
			pair.HalfSpread, pair.Band, pair.ClientBand, pair.Volatility, pair.MaxRateAge = dec("0.00003"), dec("15"), client, dec("0.075"), 5*time.Minute
		})
	}
	own, none, absent := bands(decimal.NewNullDecimal(dec("5"))), bands(decimal.NewNullDecimal(decimal.Zero)), bands(decimal.NullDecimal{})
	for _, c := range []struct {
		rule    string
		m       *market.Market
		side    trade.Side
		rate    string
		age     time.Duration
		allowed bool
	}{
		{"it buys 0.0143 % below", own, trade.Buy, "1.11704", 0, true},
		{"it buys 0.0152 % below", own, trade.Buy, "1.11703", 0, false},
		{"it pays 0.0448 % more", own, trade.Buy, "1.1177", 0, true},
		{"it sells 0.0143 % above", own, trade.Sell, "1.11736", 0, true},
		{"it sells 0.0152 % above", own, trade.Sell, "1.11737", 0, false},
		{"it gets 0.0448 % less", own, trade.Sell, "1.1167", 0, true},
		{"on the oldest reference at most twice the band", own, trade.Buy, "1.11687", 5 * time.Minute, true},
		{"and not more", own, trade.Buy, "1.11686", 5 * time.Minute, false},
		{"a band of nothing: it buys at the reference", none, trade.Buy, "1.1172", 0, true},
		{"and not below, also on an old one", none, trade.Buy, "1.11719", 5 * time.Minute, false},
		{"a bank that has not set it has one band for both sides", absent, trade.Buy, "1.1167", 0, true},
	} {
		request := spot()
		request.Legs[0].Side, request.Legs[0].Rate = c.side, c.rate
		_, rejection := newRules().Check(on(c.m), now.Add(c.age), request)
		if (rejection == nil) != c.allowed || rejection != nil && rejection.Code != reason.OffMarket {
			t.Errorf("%s, at %s: %v", c.rule, c.rate, rejection)
		}
	}
	sells := spot() // dollars: it buys euros
	sells.Currency, sells.Legs[0].Side, sells.Legs[0].Rate = "USD", trade.Sell, "1.11703"
	if _, rejection := newRules().Check(on(own), now, sells); rejection == nil || rejection.Code != reason.OffMarket {
		t.Errorf("it sells dollars: %v", rejection)
	}
	report := spot()
	report.Kind, report.Legs[0].Rate = rules.Reported, "1.11703"
	if got, rejection := newRules().Check(on(own), now, report); rejection != nil || len(got.Flags) > 0 {
		t.Errorf("a report has one band for both sides: %v, %+v", rejection, got.Flags)
	}
}

func TestAQuoteIsThePriceThatItSays(t *testing.T) {
	m := quoting(t)
	onQuote := func(id string, spoil func(*rules.Request)) rules.Request {
		request := spot()
		request.Provider = "ALPHA"
		request.Client, request.QuoteID, request.Legs[0].Amount, request.Legs[0].Rate = "C000001", id, "10000000", "1.11173"
		if spoil != nil {
			spoil(&request)
		}
		return request
	}
	asSwap := func(r *rules.Request) {
		r.Product = trade.Swap
		r.Legs = append(r.Legs, rules.RequestedLeg{Side: trade.Sell, Amount: "10000000", Rate: "1.11365", Tenor: "1M"})
	}
	cases := []struct {
		rule    string
		request rules.Request
		code    reason.Code // empty: accepted
		text    string
	}{
		{"what it says", onQuote("QS", nil), "", ""},
		{"less than it says", onQuote("QS", func(r *rules.Request) { r.Legs[0].Amount = "1" }), "", ""},
		{"its client", onQuote("QP", nil), "", ""},
		{"a swap", onQuote("QW", asSwap), "", ""},
		{"one of its provider's", onQuote("QO", nil), "", ""},
		{"what is left of it", onQuote("QU", func(r *rules.Request) { r.Legs[0].Amount, r.QuoteDealt = "4000000", dec("6000000") }), "", ""},
		{
			"more than is left of it", onQuote("QU", func(r *rules.Request) { r.Legs[0].Amount, r.QuoteDealt = "4000000.01", dec("6000000") }), reason.QuoteMismatch,
			`the amount 4000000.01 EUR is more than is left of the quote "QU": 4000000 of 10000000; ask for less, or for another quote`,
		},
		{
			"one of another provider's", onQuote("QF", nil), reason.UnknownQuote,
			`the bank knows no quote "QF", or no longer; deal on a current quote, or send the request without one`,
		},
		{
			"one that does not say to whom it was published", onQuote("QN", nil), reason.UnknownQuote,
			`the bank knows no quote "QN", or no longer; deal on a current quote, or send the request without one`,
		},
		{
			"nor may a request that names no provider", onQuote("QN", func(r *rules.Request) { r.Provider = "" }), reason.UnknownQuote,
			`the bank knows no quote "QN", or no longer; deal on a current quote, or send the request without one`,
		},
		{
			"no such quote", onQuote("Q0", nil), reason.UnknownQuote,
			`the bank knows no quote "Q0", or no longer; deal on a current quote, or send the request without one`,
		},
		{
			"no such quote, of a long id", onQuote(strings.Repeat("Q", 64), nil), reason.UnknownQuote,
			`the bank knows no quote "` + strings.Repeat("Q", 64) + `", or no longer; deal on a current quote, or send the request without one`,
		},
		{
			"no such quote, of a longer id than any", onQuote(strings.Repeat("Q", 65), nil), reason.UnknownQuote,
			`the bank knows no quote "` + strings.Repeat("Q", 64) + `"..., or no longer; deal on a current quote, or send the request without one`,
		},
		{
			"too late", onQuote("QE", nil), reason.QuoteExpired,
			`the quote "QE" was valid until 2026-11-24 09:59:59Z; deal on a current quote, or send the request without one`,
		},
		{
			"another rate", onQuote("QS", func(r *rules.Request) { r.Legs[0].Rate = "1.11172" }), reason.QuoteMismatch,
			`the rate "1.11172" is not that of the quote "QS", "1.11173"; deal at what was quoted`,
		},
		{
			"the other side", onQuote("QS", func(r *rules.Request) { r.Legs[0].Side = trade.Sell }), reason.QuoteMismatch,
			`the side "sell" is not that of the quote "QS", "buy"; deal at what was quoted`,
		},
		{
			"more than it says", onQuote("QS", func(r *rules.Request) { r.Legs[0].Amount = "10000000.01" }), reason.QuoteMismatch,
			`the amount 10000000.01 EUR is above that of the quote "QS", 10000000; ask for less, or for another quote`,
		},
		{
			"another currency", onQuote("QS", func(r *rules.Request) { r.Currency = "USD" }), reason.QuoteMismatch,
			`the currency "USD" is not that of the quote "QS", "EUR"; deal at what was quoted`,
		},
		{
			"another pair", onQuote("QS", func(r *rules.Request) { r.Pair = "EUR/GBP" }), reason.QuoteMismatch,
			`the pair "EUR/GBP" is not that of the quote "QS", "EUR/USD"; deal at what was quoted`,
		},
		{
			"another date", onQuote("QW", func(r *rules.Request) { asSwap(r); r.Legs[1].Tenor = "2M" }), reason.QuoteMismatch,
			`the value date "2027-01-27" is not that of the quote "QW", "2026-12-28"; deal at what was quoted`,
		},
		{
			"other points", onQuote("QW", func(r *rules.Request) { asSwap(r); r.Legs[1].Rate = "1.1136" }), reason.QuoteMismatch,
			`the rate "1.1136" is not that of the quote "QW", "1.11365"; deal at what was quoted`,
		},
		{
			"another near date", onQuote("QW", func(r *rules.Request) { asSwap(r); r.Legs[0].Tenor = "SN" }), reason.QuoteMismatch,
			`the near date "2026-11-30" is not that of the quote "QW", "2026-11-27"; deal at what was quoted`,
		},
		{
			"another product", onQuote("QS", func(r *rules.Request) { r.Product, r.Legs[0].Tenor = trade.Forward, "1M" }), reason.QuoteMismatch,
			`the product "forward" is not that of the quote "QS", "spot"; deal at what was quoted`,
		},
		{
			"another client", onQuote("QP", func(r *rules.Request) { r.Client = "C000002" }), reason.QuoteMismatch,
			`the quote "QP" is for another client than "C000002"; deal on a quote of the client's own`,
		},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			accepted, rejection := newRules().Check(on(m), now, c.request)
			switch {
			case c.code == "" && rejection != nil:
				t.Error(rejection)
			case c.code != "" && rejection == nil:
				t.Errorf("accepted: %+v", accepted)
			case c.code != "" && (rejection.Code != c.code || rejection.Text != c.text):
				t.Errorf("\n got %s: %s\nwant %s: %s", rejection.Code, rejection.Text, c.code, c.text)
			}
		})
	}
}

// TestATenorQuoteDoesNotCrossTheRoll: one minute after 17:00 in New York, spot of a quote of two minutes ago is another date.
func TestATenorQuoteDoesNotCrossTheRoll(t *testing.T) {
	roll := time.Date(2026, 11, 24, 22, 0, 0, 0, time.UTC)
	quote := market.Quote{
		ID: "Q", Pair: "EUR/USD", Product: "spot", Side: "buy", Currency: "EUR", Amount: dec("10000000"), Rate: dec("1.1175"),
		Tenor: tenorOf(t, "SPOT"), Provider: market.Everybody, Published: roll.Add(-time.Minute), ValidUntil: roll.Add(2 * time.Minute),
	}
	dated, later, unknown := quote, quote, quote
	dated.Tenor, dated.ValueDate = fxdate.Tenor{}, realdata.Date(t, "2026-11-27")
	later.Published = roll
	unknown.Published = time.Time{}
	for rule, c := range map[string]struct {
		quote market.Quote
		at    time.Time
		code  reason.Code
	}{
		"before the roll":                {quote, roll.Add(-time.Second), ""},
		"after it":                       {quote, roll.Add(time.Minute), reason.QuoteExpired},
		"published after it":             {later, roll.Add(time.Minute), ""},
		"published nobody knows when":    {unknown, roll.Add(time.Minute), reason.QuoteExpired},
		"for a date":                     {dated, roll.Add(time.Minute), ""},
		"nobody knows when, long before": {unknown, roll.Add(-time.Minute), ""},
	} {
		m := marketWith(t, "2026-10-30", c.at, market.Rates{Quotes: map[string]market.Quote{"Q": c.quote}}, nil)
		request := spot()
		request.QuoteID, request.TransactedAt, request.TradeDate = "Q", c.at, fxdate.NewRollover().TradeDate(c.at).String()
		if rule == "for a date" {
			request.Legs[0].ValueDate = "2026-11-27"
		}
		_, rejection := newRules().Check(on(m), c.at, request)
		if (rejection == nil) != (c.code == "") || rejection != nil && rejection.Code != c.code {
			t.Errorf("%s: %v", rule, rejection)
		}
	}
}

// TestCase17RupeesAreDealtToFourDigits: 95.6435 is a rate, and 95.64355 is not.
func TestCase17RupeesAreDealtToFourDigits(t *testing.T) {
	base := marketOf(t, now, nil)
	rates := base.Rates()
	rates.Mids = map[string]pricing.Mid{"USD": {Rate: dec("1"), AsOf: now}, "INR": {Rate: dec("95.6435"), AsOf: now}}
	m := market.New(base.Directory, rates)
	request := spotOf(m, "USD/INR", now)
	for rate, code := range map[string]reason.Code{"95.6435": "", "95.64355": reason.OverPrecise} {
		request.Legs[0].Rate = rate
		got, rejection := newRules().Check(on(m), now, request)
		if (rejection == nil) != (code == "") || rejection != nil && rejection.Code != code {
			t.Errorf("%s: %v", rate, rejection)
		}
		if rejection == nil && (!got.Legs[0].Rate.Equal(dec("95.6435")) || !got.ReferenceRate.Equal(dec("95.6435"))) {
			t.Errorf("dealt at %s by %s", got.Legs[0].Rate, got.ReferenceRate)
		}
	}
}

// TestThePairsDecimalsAreThoseOfItsQuotes: USD/INR is quoted to four digits.
func TestThePairsDecimalsAreThoseOfItsQuotes(t *testing.T) {
	m := marketOf(t, now, nil)
	request := spotOf(m, "USD/INR", now)
	pair, err := m.Pair("USD/INR")
	if err != nil {
		t.Fatal(err)
	}
	reference, err := m.Reference(pair)
	if err != nil {
		t.Fatal(err)
	}
	request.Legs[0].Rate = reference.Rate.Truncate(3).Add(dec("0.0005")).String()
	if _, rejection := newRules().Check(on(m), now, request); rejection != nil {
		t.Error(rejection)
	}
	request.Legs[0].Rate = reference.Rate.Truncate(3).Add(dec("0.00055")).String()
	if _, rejection := newRules().Check(on(m), now, request); rejection == nil || rejection.Code != reason.OverPrecise {
		t.Errorf("five digits: %v", rejection)
	}
}
