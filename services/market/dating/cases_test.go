package dating_test

import (
	"errors"
	"testing"
	"time"

	"fxcore/services/contract/fxdate"
	"fxcore/services/contract/reason"
	"fxcore/services/market"
	"fxcore/services/market/dating"
)

// asked returns the rule for EUR/USD that is asked for at noon in London on a day.
func asked(t *testing.T, year, month, day int) dating.Rule {
	t.Helper()
	at := time.Date(year, time.Month(month), day, 12, 0, 0, 0, time.UTC)
	var euro *market.Pair
	for _, pair := range pairs(t) {
		if pair.Name == "EUR/USD" {
			euro = pair
		}
	}
	rule, err := dating.Requested(euro, at, at, fxdate.Years(5))
	if err != nil {
		t.Fatal(err)
	}
	return rule
}

// Case 7 of the market's cases: 30 January and a month is the last business day of February, for a line check as for a trade.
func TestCase7AMonthFromTheEndOfJanuary(t *testing.T) {
	rule := asked(t, 2026, 1, 28)
	period, err := rule.Tenor("1M")
	if err != nil || rule.Deal.Spot.String() != "2026-01-30" || period.End.String() != "2026-02-27" {
		t.Errorf("spot %s, one month %s, %v", rule.Deal.Spot, period.End, err)
	}
}

// Case 8: a Saturday is refused for a line check as for a trade; the third Wednesday of June 2024 is a holiday of the dollar.
func TestCase8SaturdaysAndTheThirdWednesday(t *testing.T) {
	var refusal *dating.Refusal
	if err := asked(t, 2026, 11, 24).Settles(fxdate.NewDate(2026, 12, 5)); !errors.As(err, &refusal) || refusal.Code != reason.Holiday ||
		refusal.Text != "the value date 2026-12-05 is a Saturday, weekend in EUR; the next good date is 2026-12-07" {
		t.Errorf("a Saturday: %v", err)
	}
	rule := asked(t, 2024, 5, 15)
	period, err := rule.Tenor("IMM")
	if err != nil || period.End.String() != "2024-06-20" {
		t.Errorf("the third Wednesday of June 2024, the 19th: %s, %v", period.End, err)
	}
	if err := rule.Settles(period.End); err != nil {
		t.Error(err)
	}
}
