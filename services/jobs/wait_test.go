package jobs_test

import (
	"strings"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/run"
	"fxcore/lambda/testkit/program"
	"fxcore/services/contract"
	"fxcore/services/jobs"
)

// awaiting counts, and waits before its second part.
type awaiting struct {
	*count
	first bool
}

func (a *awaiting) Do(now time.Time, e event.Event) (jobs.Progress, []event.Event, error) {
	p, emitted, err := a.count.Do(now, e)
	if a.first {
		p.Wait = "an answer"
	}
	return p, emitted, err
}

func TestAPartThatHasToWaitIsAskedForASecondLater(t *testing.T) {
	pool := schema(t)
	begin := counting().Begin
	s := replica(t, pool, jobs.Job{Name: "count items", Begin: func(r jobs.Run) jobs.Part {
		return &awaiting{begin(r).(*count), r.Part == 0}
	}})
	s.tick(t, noon)
	for _, e := range s.handle(t, s.command(t, "1", jobs.Command{Job: "count items", By: "jdoe", Reason: "test"})[0]) {
		if e.Type == contract.JobDue {
			t.Error("the part did not wait")
		}
	}
	execute(t, pool, "update job_run set begun_at = now() - interval '10 min', moved_at = now() - interval '2 s'")
	asked := s.tick(t, noon)
	if len(asked) != 1 || read[jobs.Run](t, asked[0]).Part != 1 {
		t.Fatalf("asked for %v", asked)
	}
	app := run.New("test", program.Base("1"))
	s.Show(app.Health)
	if warning := app.Health.Status(t.Context()).Warnings["jobs"]; !strings.Contains(warning, "count items for 2026-11-24T12:00:00Z waits for an answer") {
		t.Errorf("warning %q", warning)
	}
	if end := read[jobs.Ended](t, s.finish(t, asked[0])); end.State != jobs.Finished || countedItems(t, s, pool) != 5 {
		t.Errorf("%+v", end)
	}
}
