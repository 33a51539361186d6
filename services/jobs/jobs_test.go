package jobs_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
	"fxcore/services/jobs"
	"fxcore/services/jobs/jobstest"
)

func TestAJobHasItsEffectsOnceWhateverHappens(t *testing.T) {
	jobstest.Exercise(t, jobstest.Job{Set: jobs.New("test", counting()), Name: "count items", Due: noon, Migrations: items, Prepare: fill})
}

func TestSamplesAreWhatIsPublished(t *testing.T) {
	s := replica(t, schema(t), counting())
	started := s.command(t, "1", jobs.Command{Job: "count items", Due: noon, By: "jdoe", Reason: "a report came late"})
	second := s.handle(t, started[0])
	commanded, err := event.New(contract.JobCommanded, event.NewID(testkit.Day, "sample"), contract.Operations, "sample",
		jobs.Command{Service: "test", Job: "count items", Action: jobs.Start, Due: noon, By: "jdoe@desk7", Reason: "a report came late"})
	if err != nil {
		t.Fatal(err)
	}
	sample.Is(t, "samples", contract.JobCommanded, commanded)
	sample.Is(t, "samples", contract.JobDue, second[len(second)-1])
	sample.Is(t, "samples", contract.JobFinished, s.finish(t, started[0]))
}

func TestARunSaysHowFarItIs(t *testing.T) {
	s := replica(t, schema(t), counting())
	s.tick(t, noon)
	e := s.tick(t, noon.Add(time.Hour))[0]
	for part := range 3 {
		run := read[jobs.Run](t, e)
		if run.Part != part || run.Done != part*perPart || part > 0 && (run.Total != 5 || run.StartedAt.IsZero()) {
			t.Errorf("part %d: %+v", part, run)
		}
		emitted := s.handle(t, e)
		e = emitted[len(emitted)-1]
	}
	end := read[jobs.Ended](t, e)
	if end.State != jobs.Finished || end.Done != 5 || end.Parts != 3 || end.FinishedAt.IsZero() || e.Key() != "job.finished.batch" {
		t.Errorf("%s: %+v", e.Key(), end)
	}
}

func TestAPartThatFailsEndsTheRunAndStoresNothing(t *testing.T) {
	pool := schema(t)
	s := replica(t, pool, counting(errors.New("no rates")))
	s.tick(t, noon)
	end := read[jobs.Ended](t, s.finish(t, s.tick(t, noon.Add(time.Hour))[0]))
	if end.State != jobs.Failed || end.Error != "no rates" || countedItems(t, s, pool) != 0 {
		t.Errorf("%+v", end)
	}
	s.tick(t, noon.Add(time.Hour+time.Second))
	if next := s.tick(t, noon.Add(2*time.Hour)); len(next) != 1 {
		t.Errorf("after a run that failed, %d were started", len(next))
	}
}

// A jump of the bank's clock reaches the replicas one after the other. One that has not seen it yet must not do the next day's
// run as of the day before.
func TestAPartIsNotDoneAsOfATimeBeforeItsDueTime(t *testing.T) {
	pool := schema(t)
	var at time.Time
	job := counting()
	job.Begin = func(r jobs.Run) jobs.Part { return &count{run: r, at: &at} }
	ahead, behind := replica(t, pool, job), replica(t, pool, job)
	ahead.tick(t, noon)
	first := ahead.tick(t, noon.Add(25*time.Hour))[0]
	behind.handle(t, first)
	if due := read[jobs.Run](t, first).Due; !at.Equal(due) {
		t.Errorf("done as of %s, want %s", at, due)
	}
}

func TestAPartThatMustWaitComesBack(t *testing.T) {
	pool := schema(t)
	s := replica(t, pool, counting(jobs.Later(errors.New("rates are old"))))
	s.tick(t, noon)
	first := s.tick(t, noon.Add(time.Hour))[0]
	if result := s.Handle(t.Context(), []event.Event{first})[0]; result.Err == nil || !strings.Contains(result.Err.Error(), "rates are old") {
		t.Fatalf("led to %v, %v", result.Emit, result.Err)
	}
	better := replica(t, pool, counting())
	if end := read[jobs.Ended](t, better.finish(t, first)); end.State != jobs.Finished || countedItems(t, s, pool) != 5 {
		t.Errorf("%+v", end)
	}
}

func TestAnotherServicesJobIsLeftAlone(t *testing.T) {
	s := replica(t, schema(t), counting())
	other := replica(t, schema(t), jobs.Job{Name: "another", Begin: counting().Begin})
	if emitted := s.handle(t, other.command(t, "1", jobs.Command{Job: "another", By: "jdoe", Reason: "test"})[0]); len(emitted) != 0 {
		t.Errorf("led to %v", emitted)
	}
	if emitted := s.command(t, "2", jobs.Command{Job: "another", By: "jdoe", Reason: "test"}); len(emitted) != 0 {
		t.Errorf("led to %v", emitted)
	}
}
