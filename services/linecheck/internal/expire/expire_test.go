package expire_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"
	"go.uber.org/goleak"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
	"fxcore/services/linecheck/internal/expire"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

func schema(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool := testkit.Postgres(t)
	if err := postgres.Migrate(t.Context(), pool, inbox.Migrations, store.Migrations); err != nil {
		t.Fatal(err)
	}
	return pool
}

// reserve stores n reservations of a dollar each, which lapse at the given time.
func reserve(t *testing.T, pool *pgxpool.Pool, n int, lapse time.Time) {
	t.Helper()
	book, path := line.NewBook(), line.Path{Group: "G1", Desk: "D1", Client: "C1"}
	var load, save pgx.Batch
	store.QueueLoad(&load, store.Wanted{Paths: []line.Path{path}}, book)
	send(t, pool, &load)
	for i := range n {
		err := book.Reserve(line.Reservation{
			ID: event.NewID(t.Name(), lapse.String(), fmt.Sprint(i)), Kind: line.ForCheck, Path: path, Exposure: decimal.NewFromInt(1),
			Settlements: []line.Settlement{{ValueDate: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), Amount: decimal.NewFromInt(10)}}, ExpiresAt: lapse,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	store.QueueSave(&save, book)
	send(t, pool, &save)
}

func send(t *testing.T, pool *pgxpool.Pool, b *pgx.Batch) {
	t.Helper()
	if err := pool.SendBatch(t.Context(), b).Close(); err != nil {
		t.Fatal(err)
	}
}

// ordinary is the time of a run that looks back a little; thorough that of one that looks back to the beginning.
func ordinary() time.Time {
	if now := time.Now().UTC().Truncate(time.Second); now.Second() != 0 {
		return now
	}
	return time.Now().UTC().Truncate(time.Second).Add(time.Second)
}

func thorough() time.Time { return time.Now().UTC().Truncate(time.Minute) }

func due(t *testing.T, serial string, at time.Time) event.Event {
	t.Helper()
	e, err := event.New(messages.JobDue, event.NewID("job", serial), "batch", "job", messages.Job{Job: messages.ExpireReservations, Due: at})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// carried is what the client still has reserved.
func carried(t *testing.T, pool *pgxpool.Pool) string {
	t.Helper()
	var reserved string
	if err := pool.QueryRow(t.Context(), "select trim_scale(reserved)::text from node_usage where node = 'client/C1'").Scan(&reserved); err != nil {
		t.Fatal(err)
	}
	if found, err := store.Recompute(t.Context(), pool); err != nil || len(found) > 0 {
		t.Errorf("%v %+v", err, found)
	}
	return reserved
}

func handle(t *testing.T, h amqp.Handler, events ...event.Event) []event.Event {
	t.Helper()
	var emitted []event.Event
	for _, r := range h.Handle(t.Context(), events) {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		emitted = append(emitted, r.Emit...)
	}
	return emitted
}

func TestLapsedReservationsAreExpiredOnceHoweverOftenTheJobComes(t *testing.T) {
	pool := schema(t)
	reserve(t, pool, 3, time.Now().Add(-time.Millisecond))
	reserve(t, pool, 2, time.Now().Add(time.Hour))
	h := inbox.Of(pool, expire.Handler{}, "linecheck/1", testkit.Log(t))
	first := due(t, "1", ordinary())
	for _, e := range []event.Event{first, first, due(t, "2", ordinary()), due(t, "late", ordinary().Add(-10*time.Second))} {
		handle(t, h, e)
		if got := carried(t, pool); got != "2" {
			t.Errorf("reserved %s, want 2", got)
		}
	}
}

func TestAJobOfManyIsDoneInPartsOneMessageAtATime(t *testing.T) {
	pool := schema(t)
	reserve(t, pool, 450, time.Now().Add(-time.Millisecond))
	h := inbox.Of(pool, expire.Handler{}, "linecheck/1", testkit.Log(t))
	events, left := []event.Event{due(t, "1", ordinary()), due(t, "2", ordinary())}, []string{"250", "50", "0"}
	for part, want := range left {
		events = handle(t, h, events...)
		if got := carried(t, pool); got != want {
			t.Fatalf("after part %d: reserved %s, want %s", part, got, want)
		}
	}
	if len(events) != 0 {
		t.Errorf("the job goes on with nothing left: %v", events)
	}
}

func TestOnTheFullMinuteEvenTheOldestAreFound(t *testing.T) {
	pool := schema(t)
	reserve(t, pool, 1, time.Now().Add(-24*time.Hour))
	h := inbox.Of(pool, expire.Handler{}, "linecheck/1", testkit.Log(t))
	handle(t, h, due(t, "1", ordinary()))
	if got := carried(t, pool); got != "1" {
		t.Errorf("an ordinary run looked back for a day: reserved %s", got)
	}
	handle(t, h, due(t, "2", thorough()))
	if got := carried(t, pool); got != "0" {
		t.Errorf("reserved %s, want none", got)
	}
}

func TestAnotherJobIsNoneOfOurs(t *testing.T) {
	pool := schema(t)
	reserve(t, pool, 1, time.Now().Add(-time.Millisecond))
	h := inbox.Of(pool, expire.Handler{}, "linecheck/1", testkit.Log(t))
	other, err := event.New(messages.JobDue, event.NewID("other"), "batch", "job", messages.Job{Job: "balance books", Due: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	garbled, err := event.New(messages.JobDue, event.NewID("garbled"), "batch", "job", json.RawMessage(`{"due":5}`))
	if err != nil {
		t.Fatal(err)
	}
	results := h.Handle(t.Context(), []event.Event{other, garbled})
	if results[0].Err != nil || len(results[0].Emit) != 0 || results[1].Err == nil {
		t.Errorf("%+v", results)
	}
	if got := carried(t, pool); got != "1" {
		t.Errorf("reserved %s, want 1", got)
	}
}

// published collects what schedules publish.
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
	s := expire.Schedule{Pool: pool, Publisher: p, Source: "linecheck/1", Log: testkit.Log(t)}
	start := time.Now().Truncate(time.Second)
	var wait sync.WaitGroup
	for range 4 {
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

func TestOldDueTimesAreSweptOut(t *testing.T) {
	pool := schema(t)
	s := expire.Schedule{Pool: pool, Publisher: &published{}, Log: testkit.Log(t)}
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
		ended <- expire.Schedule{Pool: pool, Publisher: p, Log: testkit.Log(t)}.Run(ctx)
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
