package steps_test

import (
	"strings"
	"testing"

	"fxcore/services/settlement/internal/steps"
	"fxcore/services/settlement/internal/store"
)

// One currency without a row stops nothing else, and its legs are executed once the row is there.
func TestALegWhoseAccountsAreNotKnownStaysOpenAloneAndSaysWhy(t *testing.T) {
	c := newCore(t)
	c.part = 2 // the legs that stay open fill whole parts
	var all []trade
	for _, number := range strings.Split("1 2 3 4 5 6 7", " ") {
		one := spot(number, "C000001", "100", "111.72")
		if number < "6" {
			one.legs[0].quote = "CHF"
		}
		all = append(all, one)
	}
	c.register(append(all, spot("8", "C000002", "1", "1"), spot("9", "C000003", "1", "1"))...)
	lacking := func() steps.Directory { return bank{closed: "CHF", doubtful: "C000002"} }
	for n, want := range []int{3, 0} {
		if got := c.runWith(lacking, steps.ExecuteDue); len(got) != want {
			t.Errorf("run %d: %d movements, want %d", n+1, len(got), want)
		}
	}
	if got := c.rows("select held || ' ' || count(*) from obligation where state = 'open' group by held order by held"); got != "a row cannot be read 1\nno accounts 5" {
		t.Error(got)
	}
	if got := c.rows("select done || ' of ' || total from job_run order by due limit 1"); got != "3 of 9" {
		t.Errorf("the run's result: %s", got)
	}
	if err := store.Held(t.Context(), c.pool); err == nil || !strings.Contains(err.Error(), "5 due legs stay open: no accounts") {
		t.Errorf("the health says %v", err)
	}
	c.balanced()
	if got := c.run(steps.ExecuteDue); len(got) != 6 {
		t.Errorf("%d movements once the rows are there", len(got))
	}
	if err := store.Held(t.Context(), c.pool); err != nil {
		t.Error(err)
	}
	c.balanced()
}
