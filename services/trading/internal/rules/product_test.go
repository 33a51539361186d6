package rules_test

import (
	"testing"

	"fxcore/services/contract/reason"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/trade"
)

// TestProductFollowsFromTheDate: value today and tomorrow are outrights like any other date; on its pair's spot date an
// outright is a spot trade.
func TestProductFollowsFromTheDate(t *testing.T) {
	of := func(pair, currency, rate, tenor, date string) rules.Request {
		request := forward(tenor)
		request.Pair, request.Currency, request.Legs[0].Rate, request.Legs[0].ValueDate = pair, currency, rate, date
		return request
	}
	spotOf := func(request rules.Request) rules.Request {
		request.Product = trade.Spot
		return request
	}
	cases := []struct {
		rule    string
		request rules.Request
		want    trade.Product
		date    string
	}{
		{"EUR/USD for today", of("EUR/USD", "EUR", "1.11701", "TOD", ""), trade.Forward, "2026-11-24"},
		{"EUR/USD for tomorrow", of("EUR/USD", "EUR", "1.1171", "TOM", ""), trade.Forward, "2026-11-25"},
		{"EUR/USD for tomorrow by its date", of("EUR/USD", "EUR", "1.1171", "", "2026-11-25"), trade.Forward, "2026-11-25"},
		{"EUR/USD for its spot date", of("EUR/USD", "EUR", "1.1172", "", "2026-11-27"), trade.Spot, "2026-11-27"},
		{"EUR/USD for SPOT", of("EUR/USD", "EUR", "1.1172", "SPOT", ""), trade.Spot, "2026-11-27"},
		{"USD/MXN for tomorrow, with spot past the dollar's holiday", of("USD/MXN", "USD", "17.2", "TOM", ""), trade.Forward, "2026-11-25"},
		{"USD/CAD for tomorrow is its spot", of("USD/CAD", "USD", "1.39", "TOM", ""), trade.Spot, "2026-11-25"},
		{"and is so when it is called spot", spotOf(of("USD/CAD", "USD", "1.39", "TOM", "")), trade.Spot, "2026-11-25"},
		{"USD/CAD for today", of("USD/CAD", "USD", "1.39", "TOD", ""), trade.Forward, "2026-11-24"},
		{"a month", of("EUR/USD", "EUR", "1.1191", "1M", ""), trade.Forward, "2026-12-28"},
	}
	m, r := withRates(t, map[string]string{"CAD": "1.5529", "MXN": "19.2158"}), newRules()
	for _, c := range cases {
		for _, kind := range []string{rules.Asked, rules.Reported} {
			t.Run(c.rule+", "+kind, func(t *testing.T) {
				c.request.Kind = kind
				got, rejection := r.Check(on(m), now, c.request)
				if rejection != nil {
					t.Fatal(rejection)
				}
				if got.Product != c.want || got.Legs[0].ValueDate.String() != c.date {
					t.Errorf("a %s for %s, want a %s for %s", got.Product, got.Legs[0].ValueDate, c.want, c.date)
				}
			})
		}
	}
}

// TestSpotIsNotAnotherDate: who says spot and names another date contradicts himself.
func TestSpotIsNotAnotherDate(t *testing.T) {
	request := spot()
	request.Legs[0].Tenor = "TOD"
	if _, got := check(t, request); got == nil || got.Code != reason.InvalidDate {
		t.Errorf("spot for today: %v", got)
	}
}
