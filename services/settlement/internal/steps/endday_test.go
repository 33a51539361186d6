package steps_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
	"fxcore/services/jobs"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/steps"
)

// friday is in the morning of a Friday, in Frankfurt.
var friday = time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)

// dayJobs hands events to the jobs' queue of a replica that may run days ahead.
func (c *core) dayJobs(businessDay string, events ...event.Event) []event.Event {
	c.Helper()
	set := steps.Jobs(static, partSize, nil, steps.EndDays(func() string { return businessDay }))
	var all []event.Event
	for _, r := range set.Steps(func() time.Time { return c.clock }).Handler(c.pool, "settlement/1", testkit.Log(c.T)).Handle(c.Context(), events) {
		if r.Err != nil {
			c.Fatal(r.Err)
		}
		all = append(all, r.Emit...)
	}
	return all
}

// endDay starts the job and does its first part.
func (c *core) endDay(name string) []event.Event {
	c.Helper()
	start := told(c.T, contract.JobCommanded, name, jobs.Command{Service: "settlement", Job: steps.EndDay, By: "U0013", Reason: "test"})
	emitted := c.dayJobs("2026-11-27", start)
	if parts := only(contract.JobDue, emitted); len(parts) == 1 {
		return c.dayJobs("2026-11-27", parts...)
	}
	return emitted
}

// stops returns where the events ask the clock to be moved, in Frankfurt.
func stops(t *testing.T, events []event.Event) (all []string) {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range only(contract.ClockCommanded, events) {
		all = append(all, dataOf[messages.ClockCommanded](t, e, contract.ClockCommanded).To.In(zone).Format("Mon 15:04"))
	}
	return all
}

// A Friday is ended. The clock stops at each evening and morning, and Monday is the next business day.
func TestADayEndsOverTheWeekendThroughEachEvening(t *testing.T) {
	c := newCore(t)
	c.clock = friday
	emitted := c.endDay("1")
	sample.Is(t, "../messages/samples", contract.ClockCommanded, only(contract.ClockCommanded, emitted)[0])
	var at []string
	for len(at) < 20 && len(only(contract.JobFinished, emitted)) == 0 {
		asked := stops(t, emitted)
		if len(asked) != 1 {
			t.Fatalf("after %v: %v", at, emitted)
		}
		at = append(at, asked...)
		c.clock = dataOf[messages.ClockCommanded](t, only(contract.ClockCommanded, emitted)[0], contract.ClockCommanded).To
		c.run(steps.ExecuteDue)
		day := "2026-11-27"
		if slices.Contains(at, "Mon 08:00") {
			day = "2026-11-30"
		}
		emitted = c.dayJobs(day, c.asked(steps.EndDay))
	}
	if got := strings.Join(at, ", "); got != "Fri 21:00, Sat 08:00, Sat 21:00, Sun 08:00, Sun 21:00, Mon 08:00" {
		t.Errorf("stops: %s", got)
	}
	if end := dataOf[jobs.Ended](t, only(contract.JobFinished, emitted)[0], contract.JobFinished); end.State != jobs.Finished || end.Done != 6 || end.By != "U0013" {
		t.Errorf("%+v", end)
	}
}

// At a stop the run waits: first for the clock, then for what is due.
func TestADayDoesNotGoOnBeforeWhatIsDueIsDone(t *testing.T) {
	c := newCore(t)
	c.clock = friday
	c.endDay("1")
	waits := func(want string) {
		t.Helper()
		if emitted := c.dayJobs("2026-11-27", c.asked(steps.EndDay)); len(emitted) != 0 {
			t.Fatalf("it went on: %v", emitted)
		}
		if got := c.rows("select waits_for from job_run where job = '" + steps.EndDay + "'"); !strings.Contains(got, want) {
			t.Errorf("it waits for %q, want %q", got, want)
		}
	}
	waits("the bank's clock to be moved to 2026-11-27T20:00:00Z")
	c.clock = friday.Add(12 * time.Hour)
	waits("the job that executes what is due")
	c.register(spot("1", "C000001", "100", "111.72")) // its value date has passed
	c.exec("update obligation set due_from = $1, not_after = $2", c.clock.Add(-time.Hour), c.clock.Add(time.Hour))
	request := c.run(steps.ExecuteDue)
	waits("movements to be answered")
	c.good(steps.Movements(static), madeOf(t, request[0], "M1", c.clock))
	if got := stops(t, c.dayJobs("2026-11-27", c.asked(steps.EndDay))); len(got) != 1 || got[0] != "Sat 08:00" {
		t.Errorf("%v", got)
	}
}

func TestTwoDaysAreNeverEndedAtOnce(t *testing.T) {
	c := newCore(t)
	c.clock = friday
	c.endDay("1")
	c.clock = c.clock.Add(time.Second)
	emitted := c.endDay("2")
	if len(stops(t, emitted)) != 0 || len(emitted) != 1 || dataOf[jobs.Ended](t, emitted[0], contract.JobFinished).State != jobs.Refused {
		t.Errorf("%v", emitted)
	}
}

// Where days may not be run ahead, settlement does not have the job.
func TestNoDayIsEndedWhereTheClockMayNotRunAhead(t *testing.T) {
	c := newCore(t)
	start := told(t, contract.JobCommanded, "1", jobs.Command{Service: "settlement", Job: steps.EndDay, By: "U0013", Reason: "test"})
	emitted := c.jobs(static, start)
	if len(emitted) != 1 || dataOf[jobs.Ended](t, emitted[0], contract.JobFinished).State != jobs.Refused {
		t.Errorf("%v", emitted)
	}
}
