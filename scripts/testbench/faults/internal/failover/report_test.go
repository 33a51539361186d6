package failover

import (
	"strings"
	"testing"
	"time"
)

const ms = time.Millisecond

// away is a failover with all its parts; each takes the given number of milliseconds.
func away(lease, begin, logon, trade, raw int) Away {
	of := func(n int) time.Duration { return time.Duration(n) * ms }
	return Away{
		Took:  of(lease + begin + logon + trade),
		Steps: Steps{Lease: of(lease), Begin: of(begin), Logon: of(logon), Trade: of(trade)},
		Raw:   Raw{Lease: of(1), Logon: of(raw - 2), Trade: of(1)},
	}
}

// A kill waits for the lease, whatever the machine does. The rest is compared with what the machine takes for the raw act.
func TestTheRestOfAKillIsComparedWithTheRawAct(t *testing.T) {
	g := gateway{
		kills: []Away{away(1100, 10, 50, 40, 50), away(1200, 20, 40, 40, 50), away(1300, 30, 30, 60, 50)},
		moves: []Away{away(30, 10, 40, 20, 50)},
	}
	r := g.result()
	want := Parts{Raw: 50, RawLease: 1, RawLogon: 48, RawTrade: 1, Lease: 1200, Begin: 20, Logon: 40, Trade: 40, Ratio: 2}
	if r.Killed != want || r.KillP50 != 1300 || r.KillMax != 1420 {
		t.Errorf("killed: %+v, %.0f, %.0f", r.Killed, r.KillP50, r.KillMax)
	}
	if r.Moved.Ratio != 2 || r.MoveP50 != 100 {
		t.Errorf("moved: %+v, %.0f", r.Moved, r.MoveP50)
	}
	var out strings.Builder
	(&Report{Gateways: map[string]Gateway{"fix": r}}).Print(&out)
	if !strings.Contains(out.String(), "fix killed") || strings.Contains(out.String(), "socket") {
		t.Error(out.String())
	}
}

func TestWithoutARunThereIsNoRatio(t *testing.T) {
	if r := (&gateway{}).result(); r.Killed != (Parts{}) || r.KillP50 != 0 {
		t.Errorf("%+v", r)
	}
}
