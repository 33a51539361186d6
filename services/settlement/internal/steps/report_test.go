package steps_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/messages"
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
	told := dataOf[messages.Reported](t, c.run(steps.ReportDay)[0], contract.SettlementReported) // replaces the first one
	text, at, err := store.Report(t.Context(), c.pool, fxdate.NewDate(2026, 11, 26))
	if err != nil || !at.Equal(night) {
		t.Fatalf("as of %s, %v", at, err)
	}
	if one, other := compact(t, []byte(text)), compact(t, told.Report); one != other || told.Day != "2026-11-26" || !told.MadeAt.Equal(at) {
		t.Errorf("told %s of %s as of %s", other, told.Day, told.MadeAt)
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

// A report looks at each date to which something was booked lately, however old it is.
func TestAReportFindsAnImbalanceOfAnOldDate(t *testing.T) {
	c := newCore(t)
	c.exec(`insert into transfer (posting, number, reason, currency, amount, value_date, from_book, to_book, booked_at)
		select gen_random_uuid(), 1, 'deal', 'EUR', 5, date::date, 'desk/FXS1', 'client/C000001', $1
		from unnest(array['2026-01-05', '2026-11-25', '2026-12-28']) date`, morning)
	c.clock = night
	c.run(steps.ReportDay)
	if got := c.rows("select report->>'imbalances' from day_report"); got != "3" {
		t.Errorf("%s imbalances, want 3", got)
	}
	if got := c.rows("select part || ' ' || done || ' ' || total from job_run"); got != "5 3 3" {
		t.Errorf("parts, dates done, dates in all: %s, want a part for the list, one for each date and one that tells the report", got)
	}
}

func compact(t *testing.T, text []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
