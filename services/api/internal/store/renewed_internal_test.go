package store

import (
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// What was stored and never published is published with a later deadline. A command is sealed with its deadline, so the repeat's seal has to go with it.
func TestARepeatRenewsADeadlineAndTheSealOfACommand(t *testing.T) {
	noon := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	for typ, want := range map[event.Type]string{contract.CommandRequested: "second", contract.TradeRequested: "first"} {
		stored := event.Event{Type: typ, ID: "1", Deadline: noon, Data: []byte("first")}
		repeat := event.Event{Type: typ, ID: "1", Deadline: noon.Add(time.Minute), Data: []byte("second")}
		if got := renewed(stored, repeat); !got.Deadline.Equal(repeat.Deadline) || string(got.Data) != want {
			t.Errorf("%s: %s until %s", typ, got.Data, got.Deadline)
		}
		repeat.ID = "2"
		if got := renewed(stored, repeat); got.ID != "1" || string(got.Data) != "first" {
			t.Errorf("%s of another id: %+v", typ, got)
		}
	}
}
