package steps_test

import (
	"testing"
	"time"

	"fxcore/services/contract"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/steps"
)

// A cut-off may lie on the day before the value date. The mainframe is then instructed on that day, with the value date. The leg is
// settled, and the line is freed, when that date begins in Frankfurt.
func TestALegWithAnEarlyCutOffIsSettledWhenItsValueDateBegins(t *testing.T) {
	c := newCore(t)
	gross, one, other := spot("1", "C000001", "100", "111.72"), spot("2", "C000002", "1", "1"), spot("3", "C000002", "-1", "1")
	for _, s := range []trade{gross, one, other} {
		s.legs[0].date = "2026-11-27"
		c.register(s)
	}
	c.exec("update obligation set due_from = '2026-11-25 15:00Z', not_after = '2026-11-26 09:00Z'")
	requests := c.run(steps.ExecuteDue)
	if len(requests) != 1 || requestOf(t, requests[0]).ValueDate != "2026-11-27" {
		t.Fatalf("%v", requests)
	}
	made := madeOf(t, requests[0], "M1", morning.Add(time.Minute))
	if told := c.good(steps.Movements(static), made); len(told) != 0 {
		t.Errorf("told before the value date: %v", told)
	}
	c.clock = time.Date(2026, 11, 26, 22, 59, 0, 0, time.UTC)
	if told := c.run(steps.WatchCutOffs); len(told) != 0 {
		t.Errorf("told before midnight in Frankfurt: %v", told)
	}
	if got := c.rows("select state || ' ' || count(*) from obligation group by state"); got != "instructed 3" {
		t.Error(got)
	}
	c.balanced()
	c.clock = time.Date(2026, 11, 26, 23, 0, 0, 0, time.UTC)
	told := c.run(steps.WatchCutOffs)
	for _, e := range told {
		if got := dataOf[messages.Settled](t, e, contract.SettlementSettled); !got.SettledAt.Equal(c.clock) {
			t.Errorf("%+v", got)
		}
	}
	if again := c.run(steps.WatchCutOffs); len(told) != 3 || len(again) != 0 {
		t.Errorf("%d legs told, and again %d", len(told), len(again))
	}
	if got := c.rows("select state || ' ' || count(*) from obligation group by state"); got != "settled 3" {
		t.Error(got)
	}
	c.balanced()
}
