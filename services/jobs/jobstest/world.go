package jobstest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/jobs"
)

// mostParts bounds a run: a job whose cursor does not move would go on for ever.
const mostParts = 10_000

// world is a schema with two replicas of the service.
type world struct {
	job      Job
	pool     *pgxpool.Pool
	replicas [2]amqp.Handler
	schedule *jobs.Schedule
	Published
}

func newWorld(t *testing.T, j Job, pool *pgxpool.Pool) *world {
	t.Helper()
	clock := func() time.Time { return j.Due }
	w := &world{job: j, pool: pool}
	for i, source := range []string{"test/1", "test/2"} {
		w.replicas[i] = j.Set.Steps(clock).Handler(pool, source, testkit.Log(t))
	}
	w.schedule = &jobs.Schedule{Set: j.Set, Pool: pool, Publisher: &w.Published, Clock: clock, Source: "test/1", Log: testkit.Log(t)}
	return w
}

func (w *world) one(t *testing.T, e event.Event) []event.Event { return w.handle(t, 0, e) }
func (w *world) two(t *testing.T, e event.Event) []event.Event { return w.handle(t, 1, e) }

func (w *world) handle(t *testing.T, replica int, e event.Event) []event.Event {
	t.Helper()
	result := w.replicas[replica].Handle(t.Context(), []event.Event{e})[0]
	if result.Err != nil {
		t.Errorf("%s was not handled: %v", e.Type, result.Err)
	}
	return result.Emit
}

// command commands the job. The serial tells commands apart.
func (w *world) command(t *testing.T, serial, action string) []event.Event {
	t.Helper()
	e, err := event.New(contract.JobCommanded, event.NewID(event.DayOf(w.job.Due), "command", serial), contract.Operations, serial, jobs.Command{
		Job: w.job.Name, Action: action, Due: w.job.Due, By: "person", Reason: "exercise",
	})
	if err != nil {
		t.Fatal(err)
	}
	return w.one(t, e)
}

// start starts a run by hand and returns the message of its first part.
func (w *world) start(t *testing.T, serial string) event.Event {
	t.Helper()
	next, others := split(w.command(t, serial, jobs.Start))
	if next == nil {
		t.Fatalf("the run was not started: %s", others[0].Data)
	}
	return *next
}

// finish does parts until none follows. It returns what they led to, but for the messages of parts.
func (w *world) finish(t *testing.T, first event.Event, do func(*testing.T, event.Event) []event.Event) (emitted []event.Event) {
	t.Helper()
	next := &first
	for range mostParts {
		var others []event.Event
		next, others = split(do(t, *next))
		emitted = append(emitted, others...)
		if next == nil || t.Failed() {
			return emitted
		}
	}
	t.Fatalf("the run has not ended after %d parts", mostParts)
	return nil
}

// run returns the state of the only run, and how many of its parts are done.
func (w *world) run(t *testing.T) (state string, parts int) {
	t.Helper()
	if err := w.pool.QueryRow(t.Context(), "select state, part from job_run").Scan(&state, &parts); err != nil {
		t.Fatal(err)
	}
	return state, parts
}

// asked lets the next part's message be forgotten for so long that a replica publishes it again, and returns it.
func (w *world) asked(t *testing.T) event.Event {
	t.Helper()
	if _, err := w.pool.Exec(t.Context(), "update job_run set moved_at = moved_at - interval '1 day'"); err != nil {
		t.Fatal(err)
	}
	if err := w.schedule.Tick(t.Context(), w.job.Due); err != nil {
		t.Fatal(err)
	}
	found := w.Take()
	if len(found) != 1 {
		t.Fatalf("%d messages were published again, want one", len(found))
	}
	return found[0]
}

// split returns the message of the next part, nil if there is none, and all others.
func split(emitted []event.Event) (next *event.Event, others []event.Event) {
	for _, e := range emitted {
		if e.Type == contract.JobDue {
			next = &e
			continue
		}
		others = append(others, e)
	}
	return next, others
}

// Published is a publisher that keeps what it is told. It is safe for use by many goroutines.
type Published struct {
	mu     sync.Mutex
	events []event.Event
	Err    error // what Publish returns
}

// Publish keeps the events, unless Err is set.
func (p *Published) Publish(_ context.Context, events ...event.Event) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.Err == nil {
		p.events = append(p.events, events...)
	}
	return p.Err
}

// Take returns what was published since the last call.
func (p *Published) Take() []event.Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	events := p.events
	p.events = nil
	return events
}
