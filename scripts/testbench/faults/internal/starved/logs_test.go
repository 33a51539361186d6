package starved

import (
	"testing"
	"time"

	"fxcore/scripts/testbench/faults/internal/trial"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

func TestAHeldLeaseIsUnservedUntilItsSessionIsTakenOrItEnds(t *testing.T) {
	of := func(provider string, epoch int64) trial.Tenure {
		return trial.Tenure{Gateway: "fix", Provider: provider, Epoch: epoch}
	}
	u := unserved{gateway: "fix", gained: map[trial.Tenure]time.Time{}, taken: map[trial.Tenure]time.Time{of("A", 1): noon.Add(time.Second)}}
	u.note(line{At: noon, Message: "lease gained", Lease: "A", Epoch: 1})
	if u.longest != time.Second {
		t.Errorf("until it was taken: %s", u.longest)
	}
	u.note(line{At: noon.Add(time.Hour), Message: "lease ends", Lease: "A", Epoch: 1})
	u.note(line{At: noon, Message: "lease gained", Lease: "A", Epoch: 2})
	u.note(line{At: noon.Add(3 * time.Second), Message: "lease ends", Lease: "A", Epoch: 2})
	if u.longest != 3*time.Second || len(u.gained) > 0 {
		t.Errorf("until it ended: %s, %v", u.longest, u.gained)
	}
}

func TestLinesOfAGatewaysLogAreCounted(t *testing.T) {
	var r Report
	refused := line{Message: "session not taken, trying again"}
	refused.Error.Message = "engine of A: Duplicate SessionID"
	for _, l := range []line{
		{Message: "lease gained"},
		{Message: "lease ends", Reason: "lease given"},
		{Message: "lease ends", Reason: "lease lapsed: no renewal was answered in time"},
		{Message: "session not taken"},
		refused,
		{Message: "started"},
	} {
		r.count(l)
	}
	if r.Gained != 1 || r.Given != 1 || r.Lapses != 1 || r.NotTaken != 2 || r.Duplicates != 1 {
		t.Errorf("%+v", r)
	}
}
