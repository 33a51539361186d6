// Package jobstest exercises a job: it kills it between any two parts, does it on two replicas at once, stops it, and runs it
// again. Whatever happens, the job must have its effects once.
package jobstest

import (
	"fmt"
	"io/fs"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/services/contract"
	"fxcore/services/jobs"
)

// Job is what is exercised.
type Job struct {
	Set        *jobs.Set
	Name       string
	Due        time.Time // what the run is for; also what the clock says
	Migrations fs.FS     // of the service

	// Prepare fills the schema with what the job works on: enough for three parts or more.
	Prepare func(t *testing.T, pool *pgxpool.Pool)

	// Again lists types that a second run for the same due time may emit, besides those of the job itself: a report of what it
	// has found, for example.
	Again []event.Type
}

// leastParts is how many parts a run must have for the exercise to prove something.
const leastParts = 3

// Exercise runs every exercise on a schema of its own.
func Exercise(t *testing.T, j Job) {
	t.Helper()
	whole, want := j.whole(t)
	t.Run("killed after every part", func(t *testing.T) { j.killed(t, whole, want) })
	t.Run("twice at once on two replicas", func(t *testing.T) { j.twiceAtOnce(t, whole, want) })
	t.Run("stopped after every part and started again", func(t *testing.T) { j.stopped(t, want) })
	t.Run("run again", func(t *testing.T) { j.again(t) })
}

// whole does the run without any disturbance. It returns what the parts emitted, and what lies in the tables then.
func (j Job) whole(t *testing.T) (emitted []event.Event, tables string) {
	t.Helper()
	w := j.world(t)
	before := w.tables(t)
	emitted = w.finish(t, w.start(t, "1"), w.one)
	if state, parts := w.run(t); state != jobs.Finished || parts < leastParts {
		t.Fatalf("the run is %s after %d parts, want %s after at least %d: %v", state, parts, jobs.Finished, leastParts, emitted)
	}
	tables = w.tables(t)
	if tables == before && len(emitted) <= 1 {
		t.Fatal("the job has no effect: the exercise would prove nothing")
	}
	return emitted, tables
}

// killed lets the replica die after each part: once before it has published, so that the broker delivers the part again, and
// once with the next part's message, so that a replica must publish it anew.
func (j Job) killed(t *testing.T, whole []event.Event, want string) {
	w := j.world(t)
	emitted := w.finish(t, w.start(t, "1"), func(t *testing.T, e event.Event) []event.Event {
		t.Helper()
		first := w.one(t, e)
		same(t, "the part again", first, w.two(t, e))
		next, others := split(first)
		if next == nil {
			return others
		}
		found := w.asked(t)
		same(t, "its next part, asked for again", []event.Event{*next}, []event.Event{found})
		return append(others, found)
	})
	same(t, "the run", whole, emitted)
	unchanged(t, want, w.tables(t))
}

// twiceAtOnce hands each part to two replicas at the same time.
func (j Job) twiceAtOnce(t *testing.T, whole []event.Event, want string) {
	w := j.world(t)
	emitted := w.finish(t, w.start(t, "1"), func(t *testing.T, e event.Event) []event.Event {
		t.Helper()
		other := make(chan []event.Event, 1)
		go func() { other <- w.two(t, e) }()
		first := w.one(t, e)
		same(t, "the part on another replica", first, <-other)
		return first
	})
	same(t, "the run", whole, emitted)
	unchanged(t, want, w.tables(t))
}

// stopped stops the run after one more part each time, and starts it again.
func (j Job) stopped(t *testing.T, want string) {
	w := j.world(t)
	for parts := 1; ; parts++ {
		next := w.some(t, parts)
		if next == nil {
			break
		}
		w.command(t, fmt.Sprint("stop ", parts), jobs.Stop)
		if late := w.one(t, *next); len(late) > 0 {
			t.Fatalf("a part of a run that was stopped led to %v", late)
		}
	}
	unchanged(t, want, w.tables(t))
}

// some starts a run and does so many parts of it. It returns the message of the next part, nil if there is none.
func (w *world) some(t *testing.T, parts int) *event.Event {
	t.Helper()
	first := w.start(t, fmt.Sprint("start ", parts))
	next := &first
	for range parts {
		if next, _ = split(w.one(t, *next)); next == nil {
			return nil
		}
	}
	return next
}

// again runs the job a second time for the same due time.
func (j Job) again(t *testing.T) {
	w := j.world(t)
	w.finish(t, w.start(t, "1"), w.one)
	tables := w.tables(t)
	emitted := w.finish(t, w.start(t, "2"), w.one)
	unchanged(t, tables, w.tables(t))
	for _, e := range emitted {
		if e.Type != contract.JobFinished && !slices.Contains(j.Again, e.Type) {
			t.Errorf("the second run emitted %s: %s", e.Type, e.Data)
		}
	}
}

func (j Job) world(t *testing.T) *world {
	t.Helper()
	pool := postgrestest.Schema(t, inbox.Migrations, jobs.Migrations, j.Migrations)
	if j.Prepare != nil {
		j.Prepare(t, pool)
	}
	return newWorld(t, j, pool)
}

func (w *world) tables(t *testing.T) string {
	t.Helper()
	return inboxtest.Tables(t, w.pool, "job", "job_run")
}

// same holds that two deliveries led to the same events. Their source, time and cause tell who published them.
func same(t *testing.T, what string, want, got []event.Event) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(event.Event{}, "Source", "Time", "Started", "Causation")); diff != "" {
		t.Errorf("%s: other events: %s", what, diff)
	}
}

func unchanged(t *testing.T, want, got string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the tables hold something else: %s", diff)
	}
}
