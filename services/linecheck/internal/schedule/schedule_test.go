package schedule_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/goleak"

	"fxcore/lambda/event"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/schedule"
	"fxcore/services/linecheck/internal/store"
)

func schema(t *testing.T) *pgxpool.Pool {
	t.Helper()
	return postgrestest.Schema(t, store.Migrations)
}

// published collects the events that schedules publish.
type published struct {
	mu     sync.Mutex
	events []event.Event
	err    error
}

func (p *published) Publish(_ context.Context, events ...event.Event) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.events = append(p.events, events...)
	return p.err
}

func TestOfManyReplicasOneStartsTheJobOfEachSecond(t *testing.T) {
	pool, p := schema(t), &published{}
	start := time.Now().Truncate(time.Second)
	var wait sync.WaitGroup
	for range 4 {
		s := &schedule.Expiry{Pool: pool, Publisher: p, Source: "linecheck/1", Log: testkit.Log(t)}
		wait.Go(func() {
			for second := range 5 {
				if err := s.Tick(t.Context(), start.Add(time.Duration(second)*time.Second+300*time.Millisecond)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	seen := map[string]bool{}
	for _, e := range p.events {
		if err := e.Validate(); err != nil || e.Key() != "job.due.batch" || e.Time.IsZero() || e.Source == "" {
			t.Errorf("%+v: %v", e, err)
		}
		seen[e.ID] = true
	}
	if len(p.events) != 5 || len(seen) != 5 {
		t.Errorf("%d events of %d ids, want 5", len(p.events), len(seen))
	}
}

// A usual run looks back a little. Where seconds were left out, the next run looks at all open reservations.
func TestAfterAStartAndAfterAJumpTheJobIsThorough(t *testing.T) {
	pool, p := schema(t), &published{}
	s := &schedule.Expiry{Pool: pool, Publisher: p, Log: testkit.Log(t)}
	noon := time.Date(2026, 11, 24, 12, 0, 5, 0, time.UTC)
	for _, now := range []time.Time{noon, noon.Add(time.Second), noon.Add(48 * time.Hour), noon.Add(48*time.Hour + time.Second), noon.Add(48*time.Hour + 55*time.Second)} {
		if err := s.Tick(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	var got []bool
	for _, e := range p.events {
		var job messages.Job
		if err := e.Read(&job); err != nil {
			t.Fatal(err)
		}
		got = append(got, job.Thorough)
	}
	if want := []bool{true, false, true, false, true}; !slices.Equal(got, want) {
		t.Errorf("thorough %v, want %v", got, want)
	}
}

func TestOldDueTimesAreSweptOut(t *testing.T) {
	pool := schema(t)
	s := &schedule.Expiry{Pool: pool, Publisher: &published{}, Log: testkit.Log(t)}
	start := time.Now()
	for minute := range 5 {
		if err := s.Tick(t.Context(), start.Add(time.Duration(minute)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	var rows int
	if err := pool.QueryRow(t.Context(), "select count(*) from due_job").Scan(&rows); err != nil || rows > 2 {
		t.Errorf("%d rows, %v", rows, err)
	}
}

func TestTheScheduleGoesOnWhenTheBrokerIsAwayAndEndsWhenTold(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	pool, p := schema(t), &published{err: errors.New("broker away")}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		s := &schedule.Expiry{Pool: pool, Publisher: p, Clock: time.Now, Log: testkit.Log(t)}
		ended <- s.Run(ctx)
	}()
	testkit.Eventually(t, "two seconds to be tried", 20*time.Second, func() error {
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(p.events) < 2 {
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
