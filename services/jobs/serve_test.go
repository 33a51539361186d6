package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/amqp"

	"fxcore/lambda/inbox"
	"fxcore/lambda/run"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
	"fxcore/services/contract"
	"fxcore/services/jobs"
)

// Two replicas of a whole service do a job by the clock, and show it in their health.
func TestAServiceDoesItsJobsAndShowsThem(t *testing.T) {
	on := program.OwnServers(t)
	set := jobs.New("test", jobs.Job{Name: "count items", Rule: jobs.Every(time.Second), Begin: counting().Begin})
	topology := amqp.Topology{Service: "test", Queues: []amqp.Queue{set.Queue()}, Publishes: append(jobs.Publications(),
		amqp.Publication{Exchange: contract.SettlementExchange, Type: counted, Unread: true})}
	var apps []*run.App
	for i := range 2 {
		app := run.New("test", program.Base(fmt.Sprint(i)))
		pool := app.Postgres(on.Postgres, "", inbox.Migrations, jobs.Migrations, items)
		bus := app.Bus(on.AMQP, topology)
		app.Await("items", func(ctx context.Context) error {
			_, err := pool.Exec(ctx, "insert into item (id) select generate_series(1, 5) on conflict do nothing")
			return err
		})
		set.Serve(app, app.Inbox(bus, pool, on.Inbox), pool, bus, time.Now)
		apps = append(apps, app)
	}
	stop := program.Start(t, time.Minute, apps...)
	testkit.Eventually(t, "the items to be counted", time.Minute, func() error {
		if c := apps[0].Health.Status(t.Context()).Counters; c["jobs.count_items.total"] != 5 {
			return errors.New("not yet")
		}
		return nil
	})
	stop()
}

func TestTheHealthNamesWhatIsWrongWithAJob(t *testing.T) {
	pool := schema(t)
	unknown := jobs.Job{Name: "balance", Begin: counting().Begin, Rule: func(time.Time) (time.Time, error) { return time.Time{}, errors.New("no calendar") }}
	s := replica(t, pool, counting(errors.New("no rates")), unknown)
	app := run.New("test", program.Base("1"))
	s.Show(app.Health)
	warns := func(says ...string) {
		t.Helper()
		warning := app.Health.Status(t.Context()).Warnings["jobs"]
		for _, text := range says {
			if !strings.Contains(warning, text) {
				t.Errorf("warning %q, want %q", warning, text)
			}
		}
	}
	s.tick(t, noon)
	warns("when balance is due is not known: no calendar")
	started := s.tick(t, noon.Add(time.Hour))[0]
	execute(t, pool, "update job_run set asked = 2")
	s.tick(t, noon.Add(time.Hour))
	warns("nobody does part 0 of count items")
	s.finish(t, started)
	s.tick(t, noon.Add(time.Hour))
	warns("count items for 2026-11-24T13:00:00Z failed: no rates")
}

func TestTheRemainingTimeFollowsFromTheRate(t *testing.T) {
	s := jobs.Standing{Run: jobs.Run{Done: 40, Total: 100}, State: jobs.Running, Took: 20 * time.Second}
	if s.PerSecond() != 2 || s.Remaining() != 30*time.Second {
		t.Errorf("%v a second, %s left", s.PerSecond(), s.Remaining())
	}
	if s.State = jobs.Finished; s.Remaining() != 0 {
		t.Error("a run that has ended has time left")
	}
	if empty := (jobs.Standing{State: jobs.Due}); empty.PerSecond() != 0 || empty.Remaining() != 0 {
		t.Error("a run that has not begun has a rate")
	}
}
