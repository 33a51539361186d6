package steps

import (
	"testing"
	"time"

	"fxcore/services/contract/fxdate"
	"fxcore/services/linecheck/internal/messages"
)

// A provider whose clock is a little ahead checks a line for the next trade date before we have rolled, as it trades.
func TestACheckByAClockThatIsALittleAheadHasTheNextTradeDate(t *testing.T) {
	t.Parallel()
	static, err := everyPair()
	if err != nil {
		t.Fatal(err)
	}
	s := &Batch{static: static, dating: likeTrades()}
	roll := time.Date(2026, 11, 24, 22, 0, 0, 0, time.UTC)
	request := messages.CheckRequest{
		Pair: "EUR/USD", Currency: "EUR", Amount: "1000000", At: roll.Add(time.Second), TradeDate: fxdate.NewRollover().TradeDate(roll.Add(time.Second)).String(),
	}
	check, err := s.dealOf(request, roll.Add(-time.Second), dec("1000000"))
	if err != nil || check.Dates.Trade.String() != "2026-11-25" {
		t.Errorf("trade date %s, %v", check.Dates.Trade, err)
	}
	if _, err := s.dealOf(request, roll.Add(-3*time.Minute), dec("1000000")); err == nil {
		t.Error("three minutes ahead is accepted")
	}
}
