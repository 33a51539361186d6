package dating_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"fxcore/scripts/testbench/dates"
	"fxcore/services/contract/fxdate"
	"fxcore/services/contract/reason"
	"fxcore/services/market"
	"fxcore/services/market/dating"
	"fxcore/services/market/hours"
	"fxcore/services/market/realdata"
)

// pairs returns pairs on the real calendars, with cut-offs on and before the value date, and rolls in the morning and the
// evening.
func pairs(t testing.TB) []*market.Pair {
	t.Helper()
	currencies := map[string]market.Currency{}
	for code, cutOff := range map[string]hours.CutOff{
		"EUR": {At: realdata.TimeOfDay(t, "16:00", "Europe/Brussels")}, "USD": {At: realdata.TimeOfDay(t, "17:00", "America/New_York")},
		"JPY": {DaysBefore: 1, At: realdata.TimeOfDay(t, "15:00", "Asia/Tokyo")}, "NZD": {DaysBefore: 1, At: realdata.TimeOfDay(t, "15:00", "Pacific/Auckland")},
		"CAD": {At: realdata.TimeOfDay(t, "17:00", "America/Toronto")}, "AED": {DaysBefore: 2, At: realdata.TimeOfDay(t, "12:00", "Asia/Dubai")},
	} {
		cutOffs, err := hours.NewCutOffs(cutOff)
		if err != nil {
			t.Fatal(err)
		}
		currencies[code] = market.Currency{Code: code, MinorUnits: 2, CutOffs: cutOffs}
	}
	static := market.Static{Currencies: currencies, Calendars: realdata.Calendars(t)}
	for _, p := range []struct {
		base, quote string
		lag         int
	}{{"EUR", "USD", 2}, {"USD", "JPY", 2}, {"NZD", "USD", 2}, {"USD", "CAD", 1}, {"EUR", "JPY", 2}, {"USD", "AED", 2}} {
		terms := market.Terms{Base: p.base, Quote: p.quote, SpotLag: p.lag, Decimals: 5, PointsFactor: decimal.NewFromInt(10_000)}
		if p.base == "NZD" {
			terms.Rolls = []hours.Roll{{At: realdata.TimeOfDay(t, "07:00", "Pacific/Auckland")}}
		}
		static.Pairs = append(static.Pairs, terms)
	}
	directory := market.NewDirectory(static)
	all := make([]*market.Pair, len(static.Pairs))
	for i, terms := range static.Pairs {
		pair, err := directory.Pair(terms.Name())
		if err != nil {
			t.Fatal(err)
		}
		all[i] = pair
	}
	return all
}

// Whatever the hour: a date that is granted is a good one and in time, a date that is refused is not, and the date that a
// refusal names is granted.
func TestADateIsGrantedIfAndOnlyIfThePairCanSettleOnIt(t *testing.T) {
	dealt := pairs(t)
	rapid.Check(t, func(t *rapid.T) {
		pair := rapid.SampledFrom(dealt).Draw(t, "pair")
		now := time.Unix(rapid.Int64Range(1_500_000_000, 2_300_000_000).Draw(t, "now"), 0).UTC()
		rule, err := dating.Requested(pair, now, now, fxdate.Years(5))
		if err != nil {
			t.Fatal(err)
		}
		value := rule.Today.AddDays(rapid.IntRange(-3, 60).Draw(t, "days"))
		refused := rule.Settles(value)
		until, _, limited, err := pair.Deadline(value)
		if err != nil {
			t.Fatal(err)
		}
		good := value >= rule.Today && pair.Dates.Joint().IsBusinessDay(value) && (!limited || !now.After(until))
		if good != (refused == nil) {
			t.Fatalf("%s at %s for %s: %v, but good is %v", pair.Name, now, value, refused, good)
		}
		var refusal *dating.Refusal
		if errors.As(refused, &refusal) && refusal.Code == reason.CutOffPassed {
			named := refusal.Text[strings.LastIndex(refusal.Text, " ")+1:]
			earliest, err := fxdate.ParseDate(named)
			if err != nil || earliest <= value || rule.Settles(earliest) != nil {
				t.Fatalf("%s: %v, %v", refusal.Text, err, rule.Settles(earliest))
			}
		}
	})
}

// What is dealt for spot is never too late, in every pair of the bank: a bank that can no longer settle spot has rolled to the next
// trade date.
func TestSpotIsNeverTooLate(t *testing.T) {
	bank := dates.Market(t).Pairs()
	names := map[string]bool{}
	for _, pair := range bank {
		names[pair.Name] = true
	}
	if !names["USD/AED"] || !names["USD/SAR"] || !names["NZD/USD"] {
		t.Fatalf("the pairs with calendars and rolls of their own are missing: %v", names)
	}
	rapid.Check(t, func(t *rapid.T) {
		pair := rapid.SampledFrom(bank).Draw(t, "pair")
		now := time.Unix(rapid.Int64Range(1_500_000_000, 2_300_000_000).Draw(t, "now"), 0).UTC()
		rule, err := dating.Requested(pair, now, now, fxdate.Years(5))
		if err != nil {
			t.Fatal(err)
		}
		if refused := rule.Settles(rule.Deal.Spot); refused != nil {
			t.Fatalf("%s at %s: %v", pair.Name, now, refused)
		}
	})
}

// A deal that was done elsewhere keeps its dates, however late it is told.
func TestADoneDealIsDatedByItsOwnTradeDate(t *testing.T) {
	for _, pair := range pairs(t) {
		rule, err := dating.Done(pair, realdata.Date(t, "2026-11-16"), fxdate.Years(5))
		if err != nil {
			t.Fatal(err)
		}
		if err := rule.Settles(rule.Deal.Spot); err != nil {
			t.Errorf("%s: %v", pair.Name, err)
		}
		var refusal *dating.Refusal
		if err := rule.Settles(realdata.Date(t, "2026-11-13")); !errors.As(err, &refusal) || refusal.Code != reason.PastDate {
			t.Errorf("%s before its trade date: %v", pair.Name, err)
		}
	}
}
