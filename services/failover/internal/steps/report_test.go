package steps_test

import (
	"sync"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/failover/internal/plan"
	"fxcore/services/failover/internal/store"
)

func TestAReportThatIsLateBringsNobodyBack(t *testing.T) {
	pool, h := begun(t)
	handle(t, h, reported(t, "fix/2", 9, map[string]int64{"B": 1}))
	old := reported(t, "fix/2", 3, map[string]int64{"A": 7, "B": 7})
	old.Time = now.Add(-2 * time.Hour)
	handle(t, h, old)
	s, err := store.Read(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	if i := s.Instances["fix/2"]; i.Sequence != 9 || s.Homes[plan.Key{Gateway: "fix", Provider: "A"}].Epoch != 1 {
		t.Errorf("%+v", i)
	}
	dead := reported(t, "fix/3", 1, nil)
	dead.Time = now.Add(-2 * time.Hour) // it waited in the queue while failover was away
	handle(t, h, dead)
	for _, r := range h.Handle(t.Context(), []event.Event{commanded(t, plan.CommandMove, "A", "fix/3")}) {
		if r.Err != nil || len(r.Emit) > 0 {
			t.Errorf("moved to an instance that was alive two hours ago: %+v", r)
		}
	}
	if e, handled, err := store.Answer(t.Context(), pool, commanded(t, plan.CommandMove, "A", "fix/3").ID); err != nil || !handled || e.What != "refused move" {
		t.Errorf("%+v, %v, %v", e, handled, err)
	}
}

// Two replicas get half of the reports each, and all of them twice: each move is requested once.
func TestReplicasDoNotPlanTwice(t *testing.T) {
	pool := schema(t)
	h := replica(t, pool)
	handle(t, h, reported(t, "fix/1", 1, map[string]int64{"A": 1, "B": 1}), commanded(t, plan.CommandDrain, "", "fix/1"))
	var mu sync.Mutex
	var all []event.Event
	var group sync.WaitGroup
	for r := range 4 {
		one := replica(t, pool)
		group.Go(func() {
			for n := range 5 {
				for _, result := range one.Handle(t.Context(), []event.Event{reported(t, "fix/2", 1+n*4+r, nil)}) {
					mu.Lock()
					all = append(all, result.Emit...)
					mu.Unlock()
				}
			}
		})
	}
	group.Wait()
	if len(all) != 2 {
		t.Errorf("%d requests, want one of A and one of B", len(all))
	}
}
