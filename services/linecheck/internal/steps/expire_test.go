package steps

import (
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	runs "fxcore/services/jobs"
	"fxcore/services/linecheck/internal/comparison"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

// ordinary returns a job that looks back a little. thorough returns one that looks at all open reservations.
func ordinary() messages.Job {
	return messages.Job{Job: messages.ExpireReservations, Due: time.Now().UTC().Truncate(time.Second)}
}

func thorough() messages.Job {
	job := ordinary()
	job.Thorough = true
	return job
}

func due(t *testing.T, serial string, job messages.Job) event.Event {
	t.Helper()
	return message(t, contract.JobDue, "job", serial, time.Time{}, job)
}

// lapsing returns n reservations that lapse after the duration.
func lapsing(n int, in time.Duration) open {
	return open{n: n, provider: "ALPHA", kind: line.ForCheck, lapse: time.Now().Add(in)}
}

func TestOnlyLapsedReservationsAreExpired(t *testing.T) {
	pool := schema(t)
	reserve(t, pool, lapsing(3, -time.Millisecond))
	reserve(t, pool, lapsing(2, time.Hour))
	h := Jobs().Handler(pool, "linecheck/1", testkit.Log(t))
	late := ordinary()
	late.Due = late.Due.Add(-10 * time.Second)
	for _, e := range []event.Event{due(t, "1", ordinary()), due(t, "2", ordinary()), due(t, "late", late)} {
		handle(t, h, e)
		if got := stillOpen(t, pool)["ALPHA check"]; got != 2 {
			t.Errorf("%d are open, want 2", got)
		}
	}
}

// The queue of the other jobs brings the expiry's events as well, and shares the inbox. Whichever of the two gets an event first, the
// expiry is done, and a part of another job is left to its own queue.
func TestTheQueueOfOtherJobsTakesNothingFromTheExpiry(t *testing.T) {
	pool := postgrestest.Schema(t, inbox.Migrations, runs.Migrations, store.Migrations)
	reserve(t, pool, lapsing(3, -time.Millisecond))
	expiry := Jobs().Handler(pool, "linecheck/1", testkit.Log(t))
	others := comparison.Jobs().Steps(time.Now).Handler(pool, "linecheck/1", testkit.Log(t))
	e := due(t, "1", ordinary())
	handle(t, others, e)
	handle(t, expiry, e)
	if got := stillOpen(t, pool)["ALPHA check"]; got != 0 {
		t.Errorf("%d are open, want none", got)
	}
	part := due(t, "2", messages.Job{Job: comparison.Job, Due: time.Now().UTC()})
	handle(t, expiry, part)
	var seen int
	if err := pool.QueryRow(t.Context(), "select count(*) from inbox where id = $1", part.ID).Scan(&seen); err != nil || seen != 0 {
		t.Errorf("the expiry has handled a part of another job: %d rows, %v", seen, err)
	}
}

func TestAJobOfManyIsDoneInPartsOneMessageAtATime(t *testing.T) {
	pool := schema(t)
	reserve(t, pool, lapsing(450, -time.Millisecond))
	h := Jobs().Handler(pool, "linecheck/1", testkit.Log(t))
	events := []event.Event{due(t, "1", ordinary()), due(t, "2", ordinary())}
	for part, want := range []int{250, 50, 0} {
		events = handle(t, h, events...)
		if got := stillOpen(t, pool)["ALPHA check"]; got != want {
			t.Fatalf("after part %d: %d are open, want %d", part, got, want)
		}
	}
	if len(events) != 0 {
		t.Errorf("the job goes on with nothing left: %v", events)
	}
}

func TestAThoroughJobFindsEvenTheOldest(t *testing.T) {
	pool := schema(t)
	reserve(t, pool, lapsing(1, -24*time.Hour))
	h := Jobs().Handler(pool, "linecheck/1", testkit.Log(t))
	handle(t, h, due(t, "1", ordinary()))
	if got := stillOpen(t, pool)["ALPHA check"]; got != 1 {
		t.Errorf("an ordinary run looked back for a day: %d are open", got)
	}
	handle(t, h, due(t, "2", thorough()))
	if got := stillOpen(t, pool)["ALPHA check"]; got != 0 {
		t.Errorf("%d are open, want none", got)
	}
}

// The bank's clock decides what has lapsed, not the database's.
func TestReservationsLapseByTheHandedClock(t *testing.T) {
	pool := schema(t)
	reserve(t, pool, lapsing(3, time.Hour))
	now := time.Now()
	steps := Jobs()
	steps.Clock = func() time.Time { return now }
	h := steps.Handler(pool, "linecheck/1", testkit.Log(t))
	handle(t, h, due(t, "1", thorough()))
	if got := stillOpen(t, pool)["ALPHA check"]; got != 3 {
		t.Errorf("before their time %d are open, want 3", got)
	}
	now = now.Add(48 * time.Hour)
	handle(t, h, due(t, "2", thorough()))
	if got := stillOpen(t, pool)["ALPHA check"]; got != 0 {
		t.Errorf("after a jump %d are open", got)
	}
	reserve(t, pool, lapsing(1, 50*time.Hour))
	seen := thorough() // by a replica that has seen the next jump, which this one has not
	seen.Due = now.Add(48 * time.Hour)
	handle(t, h, due(t, "3", seen))
	if got := stillOpen(t, pool)["ALPHA check"]; got != 0 {
		t.Errorf("after a jump that another replica has seen %d are open", got)
	}
}

func TestAnotherJobIsNoneOfOurs(t *testing.T) {
	pool := schema(t)
	reserve(t, pool, lapsing(1, -time.Millisecond))
	other := message(t, contract.JobDue, "job", "other", time.Time{}, messages.Job{Job: "balance books", Due: time.Now()})
	if emitted := handle(t, Jobs().Handler(pool, "linecheck/1", testkit.Log(t)), other); len(emitted) != 0 {
		t.Errorf("led to %v", emitted)
	}
	if got := stillOpen(t, pool)["ALPHA check"]; got != 1 {
		t.Errorf("%d are open, want 1", got)
	}
}
