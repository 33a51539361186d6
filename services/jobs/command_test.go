package jobs_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/jobs"
)

// countedItems returns how many items were counted, and fails the test if one was counted twice.
func countedItems(t *testing.T, _ *service, pool *pgxpool.Pool) (n int) {
	t.Helper()
	var most int
	if err := pool.QueryRow(t.Context(), "select coalesce(sum(times), 0), coalesce(max(times), 0) from item").Scan(&n, &most); err != nil {
		t.Fatal(err)
	}
	if most > 1 {
		t.Errorf("an item was counted %d times", most)
	}
	return n
}

func TestWhoStartedARunAndWhyIsKept(t *testing.T) {
	pool := schema(t)
	s := replica(t, pool, counting())
	e := s.command(t, "1", jobs.Command{Job: "count items", By: "jdoe", Reason: "a report came late"})[0]
	if run := read[jobs.Run](t, e); run.By != "jdoe" || run.Reason != "a report came late" || !run.Due.Equal(noon) || e.Key() != "job.due.batch" {
		t.Errorf("%s: %+v", e.Key(), run)
	}
	end := read[jobs.Ended](t, s.finish(t, e))
	if end.By != "jdoe" || end.Reason != "a report came late" || end.State != jobs.Finished {
		t.Errorf("%+v", end)
	}
	var by, reason string
	if err := pool.QueryRow(t.Context(), "select by, reason from job_run").Scan(&by, &reason); err != nil || by != "jdoe" || reason != "a report came late" {
		t.Errorf("kept %q, %q, %v", by, reason, err)
	}
}

func TestACommandIsRefusedWithItsReason(t *testing.T) {
	s := replica(t, schema(t), counting())
	good := jobs.Command{Job: "count items", By: "jdoe", Reason: "test"}
	with := func(change func(*jobs.Command)) jobs.Command {
		c := good
		change(&c)
		return c
	}
	refuses := func(serial string, c jobs.Command, says string) {
		t.Helper()
		e := s.command(t, serial, c)[0]
		end := read[jobs.Ended](t, e)
		if e.Type != contract.JobFinished || end.State != jobs.Refused || !strings.Contains(end.Error, says) || end.By != c.By {
			t.Errorf("%s: %s %+v, want %q", serial, e.Type, end, says)
		}
	}
	refuses("unknown", with(func(c *jobs.Command) { c.Service, c.Job = "test", "make tea" }), `test has no job "make tea"`)
	refuses("no name", with(func(c *jobs.Command) { c.By = "" }), "fields by and reason")
	refuses("no reason", with(func(c *jobs.Command) { c.Reason = "" }), "fields by and reason")
	refuses("unknown action", with(func(c *jobs.Command) { c.Action = "pause" }), `unknown action "pause"`)
	refuses("not due", with(func(c *jobs.Command) { c.Due = noon.Add(time.Hour) }), "the due time 2026-11-24T13:00:00Z has not come: it is 2026-11-24T12:00:00Z")
	refuses("nothing to stop", with(func(c *jobs.Command) { c.Action = jobs.Stop }), "no run is under way")
	s.command(t, "start", good)
	refuses("running", good, "the run for 2026-11-24T12:00:00Z is under way: 0 parts are done")
}

// A command that the broker has kept is not carried out later: its person has given up, or has given it again.
func TestACommandAfterItsDeadlineIsRefused(t *testing.T) {
	s := replica(t, schema(t), counting())
	e, err := event.New(contract.JobCommanded, event.NewID(testkit.Day, "late"), contract.API, "x", jobs.Command{Job: "count items", By: "jdoe", Reason: "test"})
	if err != nil {
		t.Fatal(err)
	}
	e.Deadline = noon.Add(-time.Second)
	told := s.handle(t, e)[0]
	if end := read[jobs.Ended](t, told); end.State != jobs.Refused || !strings.Contains(end.Error, "good until 2026-11-24T11:59:59Z") {
		t.Errorf("late: %s %+v", told.Type, end)
	}
	e.ID, e.Deadline = event.NewID(testkit.Day, "in time"), noon
	if told := s.handle(t, e)[0]; told.Type != contract.JobDue || !told.Deadline.IsZero() {
		t.Errorf("in time: %+v", told)
	}
}

func TestARunThatIsStoppedEndsAndItsJobMayStartAgain(t *testing.T) {
	pool := schema(t)
	s := replica(t, pool, counting())
	command := jobs.Command{Job: "count items", Due: noon, By: "jdoe", Reason: "wrong day"}
	first := s.handle(t, s.command(t, "1", command)[0])
	stop := command
	stop.Action = jobs.Stop
	end := read[jobs.Ended](t, s.command(t, "2", stop)[0])
	if end.State != jobs.Failed || end.Error != "stopped by jdoe: wrong day" || end.Done != perPart {
		t.Errorf("%+v", end)
	}
	if late := s.handle(t, first[len(first)-1]); len(late) != 0 {
		t.Errorf("the stopped run went on: %v", late)
	}
	if end := read[jobs.Ended](t, s.finish(t, s.command(t, "3", command)[0])); end.State != jobs.Finished || end.Attempt != 2 || countedItems(t, s, pool) != 5 {
		t.Errorf("%+v", end)
	}
}

// Of commands that come at once to several replicas, one starts the job. The others are refused.
func TestCommandsAtOnceStartOneRun(t *testing.T) {
	pool := schema(t)
	var mu sync.Mutex
	var started, refused int
	var wait sync.WaitGroup
	for i := range 6 {
		s := replica(t, pool, counting())
		e, err := event.New(contract.JobCommanded, event.NewID(testkit.Day, string(rune('a'+i))), contract.Operations, "x",
			jobs.Command{Job: "count items", Due: noon.Add(-time.Duration(i%2) * time.Minute), By: "jdoe", Reason: "test"})
		if err != nil {
			t.Fatal(err)
		}
		wait.Go(func() {
			for _, out := range s.Handle(t.Context(), []event.Event{e})[0].Emit {
				mu.Lock()
				defer mu.Unlock()
				if out.Type == contract.JobDue {
					started++
				} else {
					refused++
				}
			}
		})
	}
	wait.Wait()
	if started != 1 || refused != 5 {
		t.Errorf("%d were started, %d refused", started, refused)
	}
}

// The row of a run by hand outlasts the inbox's memory of its messages: otherwise the next run of the same due time would have the
// number, and so the messages, of the forgotten one.
func TestARunByHandIsDoneAgainAfterTheJobsOtherRunsAreForgotten(t *testing.T) {
	pool := schema(t)
	job := counting()
	job.Keep = time.Hour
	s := replica(t, pool, job)
	s.tick(t, noon.Add(-time.Minute))
	s.now = noon
	command := jobs.Command{Job: "count items", Due: noon, By: "jdoe", Reason: "test"}
	s.finish(t, s.command(t, "1", command)[0])
	execute(t, pool, "update job_run set moved_at = now() - interval '2 hours'")
	s.finish(t, s.tick(t, noon)[0])
	execute(t, pool, "insert into item (id) values (6)")
	if end := read[jobs.Ended](t, s.finish(t, s.command(t, "2", command)[0])); end.Attempt != 2 || countedItems(t, s, pool) != 6 {
		t.Errorf("%+v, %d items are counted", end, countedItems(t, s, pool))
	}
}
