package steps_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/steps"
	"fxcore/services/settlement/internal/store"
)

func TestTheReportOfADaySaysWhatBecameOfIt(t *testing.T) {
	c, h := newCore(t), host{}
	c.settle(&h, 2)
	c.register(spot("8", "C000001", "5", "6"), spot("9", "C000003", "-7", "8"))
	c.good(steps.Movements(static), refusedOf(t, c.run(steps.ExecuteDue)[0], "NOFUNDS"))
	c.reconcile(h[:1], 3)
	c.run(steps.ReportDay)
	c.run(steps.ReportDay) // replaces the first one
	text, at, err := store.Report(t.Context(), c.pool, fxdate.NewDate(2026, 11, 26))
	if err != nil || !at.Equal(night) {
		t.Fatalf("as of %s, %v", at, err)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	delete(got, "trades") // the ids of this test lie on another day
	want := map[string]any{
		"legs": map[string]any{"executed": 2.0, "failed": 1.0, "open": 1.0}, "owed": map[string]any{"EUR": "-2", "USD": "2"}, "imbalances": 0.0,
		"reconciliation": map[string]any{"movements": 1.0, "differences": 1.0}, "balancing": map[string]any{"deals": 0.0, "without_rate": 0.0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, _, err := store.Report(t.Context(), c.pool, fxdate.NewDate(2026, 11, 27)); err == nil {
		t.Error("a day without a report has one")
	}
}
