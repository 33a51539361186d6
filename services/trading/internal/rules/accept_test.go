package rules_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"fxcore/services/contract/reason"
	"fxcore/services/market/pricing"
	"fxcore/services/market/realdata"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/trade"
)

func TestAcceptedSpot(t *testing.T) {
	got, rejection := check(t, spot())
	if rejection != nil {
		t.Fatal(rejection)
	}
	want := rules.Accepted{
		TradeDate: realdata.Date(t, "2026-11-24"), SpotDate: realdata.Date(t, "2026-11-27"), Product: trade.Spot, Pair: "EUR/USD",
		Legs: []trade.Leg{{
			ValueDate: realdata.Date(t, "2026-11-27"), Base: "EUR", BaseSide: trade.Buy, BaseAmount: dec("1000000"),
			Quote: "USD", QuoteAmount: dec("1117500"), Rate: dec("1.1175"),
		}},
		SpotRate: dec("1.1175"), ReferenceRate: dec("1.1172"), ReferenceAsOf: now.Add(-2 * time.Second), USDAmount: dec("1117200"),
	}
	if diff := cmp.Diff(want, got, decimals()); diff != "" {
		t.Error(diff)
	}
}

func TestADealtQuoteAmountTurnsTheSide(t *testing.T) {
	request := spot()
	request.Currency, request.Legs[0].Amount = "USD", "1000000"
	got, rejection := check(t, request)
	if rejection != nil {
		t.Fatal(rejection)
	}
	leg := got.Legs[0]
	if leg.BaseSide != trade.Sell || !leg.QuoteAmount.Equal(dec("1000000")) || !leg.BaseAmount.Equal(dec("894854.59")) {
		t.Errorf("buying USD 1,000,000 at 1.1175 is %+v", leg)
	}
}

func TestValueDatesOfAcceptedTrades(t *testing.T) {
	broken := forward("")
	broken.Legs[0].ValueDate = "2026-12-30"
	both := forward("1M")
	both.Legs[0].ValueDate = "2026-12-28"
	longest := forward("5Y") // 2031-11-27 is Thanksgiving again
	longest.Legs[0].Rate = "1.2275"
	cases := []struct {
		rule    string
		request rules.Request
		want    []string
	}{
		{"the longest tenor, moved on by a holiday", longest, []string{"2031-11-28"}},
		{"a forward by its tenor", forward("1M"), []string{"2026-12-28"}},
		{"a forward by a broken date", broken, []string{"2026-12-30"}},
		{"tenor and date that agree", both, []string{"2026-12-28"}},
		{"a swap from spot", swap("SPOT", "1M"), []string{"2026-11-27", "2026-12-28"}},
		{"a swap named by its far leg", swap("", "1M"), []string{"2026-11-27", "2026-12-28"}},
		{"overnight", swapAt("1.1175613", "", "ON"), []string{"2026-11-24", "2026-11-25"}},
		{"tom-next", swapAt("1.1176224", "", "TN"), []string{"2026-11-25", "2026-11-27"}},
		{"spot-next", swapAt("1.1176836", "", "SN"), []string{"2026-11-27", "2026-11-30"}},
		{"today to tomorrow", swapAt("1.1175613", "TOD", "TOM"), []string{"2026-11-24", "2026-11-25"}},
		{"forward to forward", swap("1M", "2M"), []string{"2026-12-28", "2027-01-27"}},
	}
	m, r := newMarket(t), newRules()
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			got, rejection := r.Check(on(m), now, c.request)
			if rejection != nil {
				t.Fatal(rejection)
			}
			var dates []string
			for _, leg := range got.Legs {
				dates = append(dates, leg.ValueDate.String())
			}
			if diff := cmp.Diff(c.want, dates); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestARequestMayCrossTheRoll decides after 17:00 in New York on a request that was sent before.
func TestARequestMayCrossTheRoll(t *testing.T) {
	roll := time.Date(2026, 11, 24, 22, 0, 0, 0, time.UTC)
	request := spot()
	request.TransactedAt = roll.Add(-time.Second)
	m := newMarket(t)
	r := newRules()
	if _, rejection := r.Check(on(m), roll.Add(time.Second), request); rejection == nil || rejection.Code != reason.StaleRate {
		t.Errorf("all but the age of the rate should pass: %v", rejection)
	}
}

// TestAcceptedAmountsKeepTheRate: the dealt amount is exact, and the contra amount differs from the exact product or
// quotient by at most half a minor unit.
func TestAcceptedAmountsKeepTheRate(t *testing.T) {
	m, r := newMarket(t), newRules()
	rapid.Check(t, func(t *rapid.T) {
		request := spot()
		cents := rapid.Int64Range(100, 1e15).Draw(t, "cents")
		pips := rapid.Int64Range(111_300, 112_200).Draw(t, "rate")
		request.Currency = rapid.SampledFrom([]string{"EUR", "USD"}).Draw(t, "dealt")
		request.Legs[0].Amount, request.Legs[0].Rate = decimal.New(cents, -2).String(), decimal.New(pips, -5).String()
		got, rejection := r.Check(on(m), now, request)
		if rejection != nil {
			t.Fatal(rejection)
		}
		leg := got.Legs[0]
		dealt, half := leg.BaseAmount, dec("0.005")
		if request.Currency == "USD" {
			dealt, half = leg.QuoteAmount, half.Mul(leg.Rate)
		}
		gap := leg.BaseAmount.Mul(leg.Rate).Sub(leg.QuoteAmount).Abs()
		if !dealt.Equal(decimal.New(cents, -2)) || gap.GreaterThan(half) || !pricing.HasDecimals(leg.BaseAmount, 2) {
			t.Fatalf("%s %s at %s: %s against %s", request.Currency, dealt, leg.Rate, leg.BaseAmount, leg.QuoteAmount)
		}
	})
}

func BenchmarkCheckSpot(b *testing.B) {
	m, r, request := newMarket(b), newRules(), spot()
	for b.Loop() {
		if _, rejection := r.Check(on(m), now, request); rejection != nil {
			b.Fatal(rejection)
		}
	}
}

func decimals() cmp.Option {
	return cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) })
}

func TestAnOutrightNamesTheSpotRateWithinItsPrice(t *testing.T) {
	got, rejection := check(t, forward("1M"))
	if rejection != nil {
		t.Fatal(rejection)
	}
	if want := dec("1.1172"); !got.SpotRate.Equal(want) {
		t.Errorf("the spot rate within an outright is %s, want the reference %s", got.SpotRate, want)
	}
}
