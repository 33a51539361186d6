package rules_test

import (
	"testing"
	"time"

	"fxcore/services/contract/reason"
	"fxcore/services/market"
	"fxcore/services/market/hours"
	"fxcore/services/market/realdata"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/trade"
)

// spotOf returns a request for a pair's spot at its reference rate, at an instant.
func spotOf(m *market.Market, pair string, at time.Time) rules.Request {
	request := spot()
	request.Pair, request.Currency, request.TransactedAt = pair, pair[:3], at
	request.TradeDate = newRules().Rollover.TradeDate(at).String()
	if p, err := m.Pair(pair); err == nil {
		if reference, err := m.Reference(p); err == nil {
			request.Legs[0].Rate = reference.Rate.Round(p.Decimals).String()
		}
	}
	return request
}

// TestThePairsOwnRollDatesTheTrade: NZD/USD rolls at 07:00 in Auckland, while the others still have the day before.
func TestThePairsOwnRollDatesTheTrade(t *testing.T) {
	auckland := realdata.TimeOfDay(t, "07:00", "Pacific/Auckland")
	cases := []struct{ rule, pair, at, trade, spot string }{
		{"NZD/USD after its roll", "NZD/USD", "2026-11-17T19:00:00Z", "2026-11-18", "2026-11-20"},
		{"NZD/USD before its roll", "NZD/USD", "2026-11-17T17:59:59Z", "2026-11-17", "2026-11-19"},
		{"EUR/USD at the same time", "EUR/USD", "2026-11-17T19:00:00Z", "2026-11-17", "2026-11-19"},
		{"EUR/USD after 17:00 in New York", "EUR/USD", "2026-11-17T22:00:00Z", "2026-11-18", "2026-11-20"},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			at, _ := time.Parse(time.RFC3339, c.at)
			m := marketOf(t, at, func(terms *market.Terms) {
				if terms.Base == "NZD" {
					terms.Rolls = []hours.Roll{{At: auckland}}
				}
			})
			got, rejection := newRules().Check(on(m), at, spotOf(m, c.pair, at))
			if rejection != nil {
				t.Fatal(rejection)
			}
			if got.TradeDate.String() != c.trade || got.SpotDate.String() != c.spot {
				t.Errorf("traded %s for %s, want %s for %s", got.TradeDate, got.SpotDate, c.trade, c.spot)
			}
		})
	}
}

// TestACurrencyHasALatestTime: a value date is refused once the cut-off of one of the currencies has passed.
func TestACurrencyHasALatestTime(t *testing.T) {
	cutOffs := map[string]hours.CutOff{
		"EUR": {At: realdata.TimeOfDay(t, "16:00", "Europe/Brussels")},
		"USD": {At: realdata.TimeOfDay(t, "17:00", "America/New_York")},
		"JPY": {DaysBefore: 1, At: realdata.TimeOfDay(t, "15:00", "Asia/Tokyo")},
	}
	cases := []struct{ rule, pair, tenor, at, refused string }{
		{"EUR/USD for today before the euro's cut-off", "EUR/USD", "TOD", "2026-11-24T15:00:00Z", ""},
		{
			"EUR/USD for today after it", "EUR/USD", "TOD", "2026-11-24T15:00:01Z",
			"EUR could settle on 2026-11-24 until 2026-11-24 16:00 CET; the earliest value date of EUR/USD is now 2026-11-25",
		},
		{"EUR/USD for tomorrow then", "EUR/USD", "TOM", "2026-11-24T15:00:01Z", ""},
		{"USD/JPY for tomorrow before Tokyo's afternoon", "USD/JPY", "TOM", "2026-11-24T06:00:00Z", ""},
		{
			"USD/JPY for tomorrow after it", "USD/JPY", "TOM", "2026-11-24T06:00:01Z",
			"JPY could settle on 2026-11-25 until 2026-11-24 15:00 JST; the earliest value date of USD/JPY is now 2026-11-27",
		},
		{
			"USD/JPY for today at any hour", "USD/JPY", "TOD", "2026-11-24T05:00:00Z",
			"JPY could settle on 2026-11-24 until 2026-11-20 15:00 JST; the earliest value date of USD/JPY is now 2026-11-25",
		},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			at, _ := time.Parse(time.RFC3339, c.at)
			m := marketOf(t, at, nil, cutOffs)
			request := spotOf(m, c.pair, at)
			request.Product, request.Legs[0].Tenor = trade.Forward, c.tenor
			_, rejection := newRules().Check(on(m), at, request)
			if c.refused == "" && rejection != nil {
				t.Fatal(rejection)
			}
			if c.refused != "" && (rejection == nil || rejection.Code != reason.CutOffPassed || rejection.Text != c.refused) {
				t.Errorf("\n got %v\nwant %s", rejection, c.refused)
			}
		})
	}
}

// TestASwapsNearLegHasALatestTimeToo: overnight begins today.
func TestASwapsNearLegHasALatestTimeToo(t *testing.T) {
	late := time.Date(2026, 11, 24, 15, 0, 1, 0, time.UTC)
	m := marketOf(t, late, nil, map[string]hours.CutOff{"EUR": {At: realdata.TimeOfDay(t, "16:00", "Europe/Brussels")}})
	request := swap("", "ON")
	request.TransactedAt = late
	if _, rejection := newRules().Check(on(m), late, request); rejection == nil || rejection.Code != reason.CutOffPassed {
		t.Errorf("overnight after the cut-off: %v", rejection)
	}
}

// TestBrokenDatesAreByAgreement: a cross on a dollar holiday, and a date on which one of the currencies is closed, are refused
// unless the pair allows them. Then the trade says so.
func TestBrokenDatesAreByAgreement(t *testing.T) {
	allowed := func(terms *market.Terms) { terms.BrokenDates = true }
	cases := []struct {
		rule, pair, date, closure string
		settles                   bool // by agreement
	}{
		{"a cross on a dollar holiday", "EUR/GBP", "2026-11-26", "a holiday in USD (Thanksgiving Day)", true},
		{"one of the two currencies is closed", "EUR/USD", "2026-11-26", "a holiday in USD (Thanksgiving Day)", true},
		{"both are", "EUR/USD", "2026-11-28", "a Saturday, weekend in EUR", false},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			usual, broken := marketOf(t, now, nil), marketOf(t, now, allowed)
			request := spotOf(usual, c.pair, now)
			request.Product, request.Legs[0].ValueDate = trade.Forward, c.date
			if _, rejection := newRules().Check(on(usual), now, request); rejection == nil || rejection.Code != reason.Holiday {
				t.Errorf("without an agreement: %v", rejection)
			}
			got, rejection := newRules().Check(on(broken), now, request)
			if !c.settles {
				if rejection == nil || rejection.Code != reason.Holiday {
					t.Errorf("with an agreement: %v", rejection)
				}
				return
			}
			if rejection != nil {
				t.Fatal(rejection)
			}
			if len(got.Flags) != 1 || got.Flags[0].Name != trade.BrokenDate ||
				got.Flags[0].Text != "the value date "+c.date+" is "+c.closure+"; the pair allows it by agreement" {
				t.Errorf("flags %+v", got.Flags)
			}
		})
	}
}

// TestSettlementHolidaysMoveSpot: the bank's calendars are those of the payment systems, not of public holidays.
func TestSettlementHolidaysMoveSpot(t *testing.T) {
	for _, c := range []struct{ pair, trade, want string }{
		{"USD/CAD", "2026-09-29", "2026-10-01"},
		{"USD/CHF", "2025-12-30", "2026-01-05"},
		{"USD/MXN", "2026-03-31", "2026-04-06"},
		{"USD/HKD", "2026-04-01", "2026-04-08"},
		{"USD/BRL", "2026-02-12", "2026-02-18"},
	} {
		at := realdata.Date(t, c.trade).Time().Add(12 * time.Hour)
		m := marketOf(t, at, nil)
		got, rejection := newRules().Check(on(m), at, spotOf(m, c.pair, at))
		if rejection != nil {
			t.Fatalf("%s: %v", c.pair, rejection)
		}
		if got.SpotDate.String() != c.want || got.Product != trade.Spot {
			t.Errorf("%s on %s: spot %s, want %s", c.pair, c.trade, got.SpotDate, c.want)
		}
	}
}
