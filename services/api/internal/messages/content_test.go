package messages_test

import (
	"testing"
	"time"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/messages"
)

// Another wanted end is another request; the same instant in another zone is not.
func TestTheDigestOfALineCheckHasItsWantedEnd(t *testing.T) {
	t.Parallel()
	until := func(end *time.Time) string {
		return messages.NewCheckRequest(blotter.CheckRequest{Action: "reserve", Client: "C000900", Amount: "5", ExpiresAt: end}, noon).Digest
	}
	one, same, other := noon, noon.In(time.FixedZone("", 3600)), noon.Add(time.Second)
	if until(&one) != until(&same) || until(&one) == until(&other) || until(&one) == until(nil) {
		t.Errorf("%s, %s, %s, %s", until(nil), until(&one), until(&same), until(&other))
	}
}

// A key that comes again for another command does not make it the same message, which its reader would leave out as a repeat.
func TestACommandsIdFollowsFromWhatItIsFor(t *testing.T) {
	t.Parallel()
	ids := map[string]bool{}
	for _, movement := range []string{"512f2726-7f2d-850d-a7d3-69141e981d96", "512f2726-7f2d-850d-a7d3-69141e981d97"} {
		for _, action := range []string{messages.Retry, messages.SettleByHand} {
			for range 2 { // a repeat is the same message
				e, err := messages.SettlementCommanded{MovementID: movement, Action: action, By: "U0013", Reason: "paid in"}.Event("key-0001", noon)
				if err != nil {
					t.Fatal(err)
				}
				ids[e.ID] = true
			}
		}
	}
	for _, job := range []string{"execute due legs", "balance books"} {
		for _, action := range []string{"start", "stop"} {
			e, err := messages.JobCommanded{Job: job, Action: action, By: "U0013", Reason: "late"}.Event("key-0001", noon)
			if err != nil {
				t.Fatal(err)
			}
			ids[e.ID] = true
		}
	}
	if len(ids) != 8 {
		t.Errorf("%d messages, want 8", len(ids))
	}
}
