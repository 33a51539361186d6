package jobs_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/jobs"
)

func TestOfManyReplicasOneStartsEachRun(t *testing.T) {
	pool := schema(t)
	replicas := make([]*service, 4)
	for i := range replicas {
		replicas[i] = replica(t, pool, counting())
	}
	replicas[0].tick(t, noon)
	var wait sync.WaitGroup
	for _, s := range replicas {
		wait.Go(func() {
			for range 5 {
				if err := s.Tick(t.Context(), noon.Add(time.Hour)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	var events []event.Event
	for _, s := range replicas {
		events = append(events, s.Take()...)
	}
	if len(events) != 1 {
		t.Fatalf("%d were started", len(events))
	}
	if err := events[0].Validate(); err != nil || events[0].Key() != "job.due.batch" || events[0].Time.IsZero() || events[0].Source == "" {
		t.Errorf("%+v: %v", events[0], err)
	}
}

// A service that is new does not make up for the time before it.
func TestAJobIsDueFromWhenItIsFirstSeen(t *testing.T) {
	s := replica(t, schema(t), counting())
	for _, now := range []time.Time{noon, noon.Add(59 * time.Minute)} {
		if started := s.tick(t, now); len(started) != 0 {
			t.Errorf("at %s %d were started", now, len(started))
		}
	}
}

func TestMissedDueTimesAreMadeUpForOldestFirstOneAtATime(t *testing.T) {
	s := replica(t, schema(t), counting())
	s.tick(t, noon)
	late := noon.Add(3*time.Hour + time.Minute)
	for hour := 1; hour <= 3; hour++ {
		started := s.tick(t, late)
		if len(started) != 1 || !read[jobs.Run](t, started[0]).Due.Equal(noon.Add(time.Duration(hour)*time.Hour)) {
			t.Fatalf("hour %d: started %v", hour, started)
		}
		if more := s.tick(t, late); len(more) != 0 {
			t.Errorf("beside a run under way %d were started", len(more))
		}
		s.finish(t, started[0])
	}
	if more := s.tick(t, late); len(more) != 0 {
		t.Errorf("%d were started again", len(more))
	}
}

func TestAJobMayAskForOnlyTheLatestDueTime(t *testing.T) {
	job := counting()
	job.Latest = true
	s := replica(t, schema(t), job)
	s.tick(t, noon)
	started := s.tick(t, noon.Add(30*24*time.Hour+time.Minute))
	if len(started) != 1 || !read[jobs.Run](t, started[0]).Due.Equal(noon.Add(30*24*time.Hour)) {
		t.Fatalf("started %v", started)
	}
	s.finish(t, started[0])
	if more := s.tick(t, noon.Add(30*24*time.Hour+2*time.Minute)); len(more) != 0 {
		t.Errorf("%d were started again", len(more))
	}
}

func TestAJobWaitsForThoseBeforeIt(t *testing.T) {
	report := jobs.Job{Name: "report", Rule: jobs.Every(time.Hour), After: []string{"count items"}, Begin: counting().Begin}
	s := replica(t, schema(t), counting(), report)
	s.tick(t, noon)
	late := noon.Add(2 * time.Hour)
	for _, want := range []string{"count items 13", "count items 14, report 13", "report 14", ""} {
		var started []string
		events := s.tick(t, late)
		for _, e := range events {
			run := read[jobs.Run](t, e)
			started = append(started, run.Job+run.Due.Format(" 15"))
		}
		if got := strings.Join(started, ", "); got != want {
			t.Errorf("started %q, want %q", got, want)
		}
		for _, e := range events {
			s.finish(t, e)
		}
	}
}

// A replica that dies after it has claimed a run, and before it has published it, is made up for by another one.
func TestARunThatNobodyBeginsIsPublishedAgain(t *testing.T) {
	pool := schema(t)
	dying, other := replica(t, pool, counting()), replica(t, pool, counting())
	dying.tick(t, noon)
	dying.Err = errors.New("broker away")
	if err := dying.Tick(t.Context(), noon.Add(time.Hour)); err == nil {
		t.Error("the broker's error is hidden")
	}
	if soon := other.tick(t, noon.Add(time.Hour)); len(soon) != 0 {
		t.Errorf("published again at once: %v", soon)
	}
	for range 2 { // again and again, until somebody does it
		execute(t, pool, "update job_run set moved_at = moved_at - interval '1 day'")
		again := other.tick(t, noon.Add(time.Hour))
		if len(again) != 1 {
			t.Fatalf("%d were published", len(again))
		}
		other.now = noon.Add(time.Hour)
		if more := other.tick(t, other.now); len(more) != 0 {
			t.Errorf("published twice within its pause: %v", more)
		}
	}
}

func TestEndedRunsAreKeptForTheirTime(t *testing.T) {
	job := counting()
	job.Keep = time.Hour
	pool := schema(t)
	s := replica(t, pool, job)
	s.tick(t, noon)
	for hour := 1; hour <= 3; hour++ {
		s.finish(t, s.tick(t, noon.Add(time.Duration(hour)*time.Hour))[0])
		execute(t, pool, "update job_run set moved_at = moved_at - interval '40 min'")
	}
	s.tick(t, noon.Add(4*time.Hour))
	var rows int
	if err := pool.QueryRow(t.Context(), "select count(*) from job_run").Scan(&rows); err != nil || rows != 2 {
		t.Errorf("%d rows, want the run of 40 minutes ago and the new one; %v", rows, err)
	}
}

func TestTheScheduleGoesOnWhenTheBrokerIsAwayAndEndsWhenTold(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	pool := schema(t)
	job := counting()
	job.Rule = jobs.Every(time.Second)
	s := replica(t, pool, job)
	s.Clock, s.Err = time.Now, errors.New("broker away")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Schedule.Run(ctx) }()
	testkit.Eventually(t, "a run that was claimed", 20*time.Second, func() error {
		var rows int
		if err := pool.QueryRow(t.Context(), "select count(*) from job_run where asked > 0").Scan(&rows); err != nil {
			return err
		}
		if rows == 0 {
			return errors.New("not yet")
		}
		return nil
	})
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	pool.Close()
}
