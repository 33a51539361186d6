package rules_test

import (
	"testing"
	"time"

	"fxcore/services/contract/reason"
	"fxcore/services/market"
)

// The clock of a provider is a little ahead of ours: it asks for the next trade date before we have rolled.
func TestAClockThatIsALittleAheadMayRollBeforeOurs(t *testing.T) {
	roll := time.Date(2026, 11, 24, 22, 0, 0, 0, time.UTC)
	for _, pair := range []string{"EUR/USD", "USD/JPY"} {
		now := roll.Add(-time.Minute)
		m := marketOf(t, now, func(*market.Terms) {})
		got, rejection := newRules().Check(on(m), now, spotOf(m, pair, roll.Add(59*time.Second)))
		if rejection != nil || got.TradeDate.String() != "2026-11-25" || got.SpotDate.String() != "2026-11-30" && got.SpotDate.String() != "2026-11-27" {
			t.Errorf("%s: traded %s for %s, %v", pair, got.TradeDate, got.SpotDate, rejection)
		}
		early := roll.Add(-3 * time.Minute)
		m = marketOf(t, early, func(*market.Terms) {})
		if _, rejection := newRules().Check(on(m), early, spotOf(m, pair, roll)); rejection == nil || rejection.Code != reason.InvalidDate {
			t.Errorf("%s, three minutes ahead: %v", pair, rejection)
		}
	}
}
