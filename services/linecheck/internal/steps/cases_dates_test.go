package steps

import (
	"testing"
	"time"

	"fxcore/lambda/testkit/sample"
	"fxcore/scripts/testbench/dates"
	"fxcore/services/contract"
	"fxcore/services/contract/reason"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
)

// Cases 2, 6, 7, 8, 12 and 13 of the market's cases, for a line check: its dates are those of a trade that asks for the same.
func TestALineCheckHasTheMarketsDates(t *testing.T) {
	t.Parallel()
	s := &Batch{static: wideLines(t), dating: likeTrades(), book: line.NewBook()}
	authorized := sample.Of(t, "services/auth/internal/messages", contract.LineCheckAuthorized)
	for _, c := range []struct {
		rule, pair, tenor, value string
		at                       string
		want                     dates.Answer
	}{
		{"2: 5Y is five years", "EUR/USD", "5Y", "", "2026-11-19 12:00:00", dates.Answer{Trade: "2026-11-19", Spot: "2026-11-23", Value: "2031-11-24"}},
		{"2: and no day more", "EUR/USD", "", "2031-11-25", "2026-11-19 12:00:00", dates.Answer{Refused: string(reason.BeyondMaxTenor)}},
		{"6: value today", "EUR/USD", "TOD", "", "2026-11-24 12:00:00", dates.Answer{Trade: "2026-11-24", Spot: "2026-11-27", Value: "2026-11-24"}},
		{"6: USD/CAD for tomorrow is its spot", "USD/CAD", "TOM", "", "2026-11-24 12:00:00", dates.Answer{Trade: "2026-11-24", Spot: "2026-11-25", Value: "2026-11-25"}},
		{"7: 30 January and a month", "EUR/USD", "1M", "", "2026-01-28 12:00:00", dates.Answer{Trade: "2026-01-28", Spot: "2026-01-30", Value: "2026-02-27"}},
		{"8: a Saturday", "EUR/USD", "", "2026-12-05", "2026-11-24 12:00:00", dates.Answer{Refused: string(reason.Holiday)}},
		{"8: the third Wednesday, moved on", "EUR/USD", "IMM", "", "2024-05-15 12:00:00", dates.Answer{Trade: "2024-05-15", Spot: "2024-05-17", Value: "2024-06-20"}},
		{"12: after 07:00 in Auckland", "NZD/USD", "SPOT", "", "2026-11-17 19:00:00", dates.Answer{Trade: "2026-11-18", Spot: "2026-11-20", Value: "2026-11-20"}},
		{"13: USD/CAD", "USD/CAD", "SPOT", "", "2026-09-29 12:00:00", dates.Answer{Trade: "2026-09-29", Spot: "2026-10-01", Value: "2026-10-01"}},
		{"13: USD/CHF", "USD/CHF", "SPOT", "", "2025-12-30 12:00:00", dates.Answer{Trade: "2025-12-30", Spot: "2026-01-05", Value: "2026-01-05"}},
		{"13: USD/MXN", "USD/MXN", "SPOT", "", "2026-03-31 12:00:00", dates.Answer{Trade: "2026-03-31", Spot: "2026-04-06", Value: "2026-04-06"}},
		{"13: USD/HKD", "USD/HKD", "SPOT", "", "2026-04-01 12:00:00", dates.Answer{Trade: "2026-04-01", Spot: "2026-04-08", Value: "2026-04-08"}},
		{"13: USD/BRL", "USD/BRL", "SPOT", "", "2026-02-12 12:00:00", dates.Answer{Trade: "2026-02-12", Spot: "2026-02-18", Value: "2026-02-18"}},
	} {
		at, err := time.Parse(time.DateTime, c.at)
		if err != nil {
			t.Fatal(err)
		}
		r := dates.Request{Pair: c.pair, Currency: c.pair[:3], Tenor: c.tenor, ValueDate: c.value, Asked: at, Decided: at}
		task, err := readCheck(s, checkFor(t, authorized, r))
		if err != nil {
			t.Fatal(err)
		}
		check := task.(reserveCheck)
		got := dates.Answer{}
		if check.refused != nil {
			got.Refused = string(check.refused.Code)
		} else {
			got = datesOf(t, s, check.proposal, r)
		}
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", c.rule, got, c.want)
		}
	}
}

// Case 2 of the market's cases, with the bank's add-ons: 5Y is checked and costs what the table says, 43.8 % of the dollars at a
// volatility of 10 %.
func TestFiveYearsCostWhatTheTableSaysForFiveYears(t *testing.T) {
	t.Parallel()
	s := &Batch{static: wideLines(t), dating: likeTrades(), book: line.NewBook()}
	at := time.Date(2026, 11, 19, 12, 0, 0, 0, time.UTC)
	authorized := sample.Of(t, "services/auth/internal/messages", contract.LineCheckAuthorized)
	task, err := readCheck(s, checkFor(t, authorized, dates.Request{Pair: "EUR/USD", Currency: "EUR", Tenor: "5Y", Asked: at, Decided: at}))
	if err != nil {
		t.Fatal(err)
	}
	pair, err := s.static.Market.Pair("EUR/USD")
	if err != nil {
		t.Fatal(err)
	}
	want := dec("0.438").Mul(pair.Volatility).Div(dec("0.1"))
	if check := task.(reserveCheck); check.refused != nil || !check.exposure.AddOn.Equal(want) {
		t.Errorf("%+v, an add-on of %s, want %s", check.refused, check.exposure.AddOn, want)
	}
}

// Case 14 of the market's cases: a client with a netting agreement is over its line after it bought EUR 3 m. It sells EUR 3 m for the
// same date: let through, because that reduces what it owes. Without an agreement it would be refused.
func TestAClientOverItsLineSellsTheThreeMillionThatItBought(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct {
		netted bool
		want   string
		used   string
	}{
		"with an agreement": {true, "trade.reserved ", "0 0"},
		"without one":       {false, "trade.rejected line_exceeded", "0 300000"},
	} {
		data := snapshot()
		data.Clients["C000002"] = directory.Client{Group: "G0001", Desk: "FXS1", Netted: c.netted}
		b := bankWith(t, data)
		bought, sold := dealOf{"T1", "buy", "3000000", "1"}, dealOf{"T2", "sell", "3000000", "1"}
		b.handle(0, bought.of(t, contract.TradeValidated, "3000000"))
		b.handle(0, bought.of(t, contract.TradeRegistered, "3000000"))
		data.Limits[line.Node{Level: line.Client, ID: "C000002"}] = usd(line.Limit{Amount: dec("100000")})
		if got := b.handle(1, sold.of(t, contract.TradeValidated, "3000000"))[0]; got != c.want {
			t.Errorf("%s: %s, want %s", rule, got, c.want)
		}
		if c.netted {
			b.handle(0, sold.of(t, contract.TradeRegistered, "3000000"))
		}
		if got := b.carries()["client/C000002"]; got != c.used {
			t.Errorf("%s: the client carries %s, want %s", rule, got, c.used)
		}
		mustBalance(t, b.pool)
	}
}
