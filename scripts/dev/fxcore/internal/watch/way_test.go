package watch

import (
	"testing"
	"time"
)

// Databases date the steps by real time, the bank's clock dates the trade. A way is shown by one of them.
func TestAWayIsCountedByTheBanksClock(t *testing.T) {
	machine := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for _, ahead := range []time.Duration{0, 15 * time.Hour} {
		bank := machine.Add(ahead)
		trade := Trade{At: bank.Add(30 * time.Millisecond), Way: []Step{
			{Name: "auth", at: machine.Add(10 * time.Millisecond)}, {Name: "trading", at: machine.Add(29 * time.Millisecond)},
		}}
		trade.finishWay(bank, bank.Add(100*time.Millisecond))
		var got []time.Duration
		for _, s := range trade.Way {
			got = append(got, s.After)
		}
		if len(got) != 3 || got[0] != 10*time.Millisecond || got[1] != 29*time.Millisecond || got[2] != 100*time.Millisecond {
			t.Errorf("%s ahead: %v", ahead, got)
		}
	}
}
