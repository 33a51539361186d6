package steps_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/services/contract"
	"fxcore/services/failover/internal/plan"
	"fxcore/services/failover/internal/store"
)

// The plan survives its replicas: all of it is in the store.
func TestTheStoreGivesBackThePlan(t *testing.T) {
	pool, h := begun(t)
	handle(t, h, commanded(t, plan.CommandManual, "", ""), commanded(t, plan.CommandDrain, "", "fix/2"),
		commanded(t, plan.CommandFallback, "A", ""), told(t, contract.SessionLeft, "fix/1", 1))
	s, err := store.Read(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	if s.Automatic || !s.Instances["fix/2"].Draining || s.Instances["fix/1"].Draining || len(s.Instances["fix/1"].Sessions) != 2 {
		t.Errorf("automatic %v, %+v", s.Automatic, s.Instances["fix/2"])
	}
	again, err := store.Read(t.Context(), pool)
	if diff := cmp.Diff(s.Homes, again.Homes); err != nil || diff != "" {
		t.Error(err, diff)
	}
	b := plan.Key{Gateway: "fix", Provider: "B"}
	if m := s.Moves[b]; m == nil || m.From != "fix/2" || m.To != "fix/1" || m.State != plan.Requested || m.Reason != plan.ByDrain {
		t.Errorf("%+v", m)
	}
}

func TestWhatIsOldIsPurged(t *testing.T) {
	pool, h := begun(t)
	handle(t, h, commanded(t, plan.CommandManual, "", ""))
	for _, statement := range []string{
		`update history set at = now() - interval '2 days'`, `update instance set reported_at = now() - interval '2 days'`,
		`update provider set home = 'fix/1'`,
	} {
		if _, err := pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.PurgeOnce(t.Context(), pool, 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	s, err := store.Read(t.Context(), pool)
	if lines := history(t, pool); err != nil || len(lines) > 0 || s.Instances["fix/1"] == nil || s.Instances["fix/2"] != nil {
		t.Errorf("%v; %q; %v", err, lines, s.Instances)
	}
}
