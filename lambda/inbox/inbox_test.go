package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
)

var (
	added = event.Type{Name: "number.added", Version: 1}
	sum   = event.Type{Name: "sum.changed", Version: 1}
)

func TestEachEventHasItsEffectOnce(t *testing.T) {
	db := ledger(t)
	h := summing().Handler(db, "test/1", testkit.Log(t))
	events := add(t, 1, 2, 3)

	first := h.Handle(t.Context(), events)
	again := h.Handle(t.Context(), events)
	late := h.Handle(t.Context(), append(add(t, 4), events[1], events[1]))

	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the second delivery led to other events: %s", diff)
	}
	if diff := cmp.Diff(first[1], late[1]); diff != "" {
		t.Errorf("a late delivery led to another event: %s", diff)
	}
	if got := total(t, db); got != 10 {
		t.Errorf("sum is %d, want 10", got)
	}
	e := first[2].Emit[0]
	if e.Source != "test/1" || e.Time.IsZero() || e.Started.IsZero() || e.Causation != events[2].ID {
		t.Errorf("emitted event is not stamped: %+v", e)
	}
}

// What is not ours is left to another queue of the service, with which the steps share the inbox.
func TestAnEventOfAnotherQueueIsLeftToIt(t *testing.T) {
	db := ledger(t)
	events := add(t, 1, 2, 3)
	steps := summing()
	steps.Ours = func(e event.Event) bool { return e.ID != events[1].ID }
	results := steps.Handler(db, "test/1", testkit.Log(t)).Handle(t.Context(), events)
	if got := total(t, db); got != 4 || len(results) != 3 || len(results[1].Emit) != 0 || len(results[2].Emit) != 1 {
		t.Errorf("sum is %d, want 4; %+v", got, results)
	}
	summing().Handler(db, "test/1", testkit.Log(t)).Handle(t.Context(), events)
	if got := total(t, db); got != 6 {
		t.Errorf("sum is %d, want 6: the other queue's event was taken", got)
	}
}

func TestAnEventTwiceInOneBatchCountsOnce(t *testing.T) {
	db := ledger(t)
	e := add(t, 5)[0]
	results := summing().Handler(db, "test/1", testkit.Log(t)).Handle(t.Context(), []event.Event{e, e})
	if diff := cmp.Diff(results[0], results[1]); diff != "" || total(t, db) != 5 {
		t.Errorf("sum is %d, want 5; %s", total(t, db), diff)
	}
}

func TestARefusedEventLeavesItsNeighboursAlone(t *testing.T) {
	tests := map[string]int{
		"Decide returns an error":             refused,
		"Decide panics":                       panics,
		"the database refuses what is stored": tooLarge,
	}
	for name, bad := range tests {
		t.Run(name, func(t *testing.T) {
			db := ledger(t)
			h := summing().Handler(db, "test/1", testkit.Log(t))
			results := h.Handle(t.Context(), add(t, 1, bad, 2))
			if results[0].Err != nil || results[2].Err != nil || total(t, db) != 3 {
				t.Errorf("neighbours: %v, %v; sum %d, want 3", results[0].Err, results[2].Err, total(t, db))
			}
			if results[1].Err == nil || len(results[1].Emit) > 0 {
				t.Errorf("the bad one: %+v", results[1])
			}
		})
	}
}

// Two replicas that get the same events at once (one of them by redelivery) have one effect, and both lead to the same
// events.
func TestReplicasThatHandleTheSameEventsAtOnce(t *testing.T) {
	db := ledger(t)
	var events []event.Event
	for n := 1; n <= 100; n++ {
		events = append(events, add(t, n)...)
	}
	const replicas = 4
	var outcomes [replicas][]amqp.Result
	var group sync.WaitGroup
	for r := range replicas {
		h := summing().Handler(db, "test/1", testkit.Log(t))
		group.Go(func() {
			for start := 0; start < len(events); start += 10 {
				outcomes[r] = append(outcomes[r], h.Handle(t.Context(), events[start:start+10])...)
			}
		})
	}
	group.Wait()
	if got := total(t, db); got != 5050 {
		t.Errorf("sum is %d, want 5050", got)
	}
	for r := 1; r < replicas; r++ {
		if diff := cmp.Diff(outcomes[0], outcomes[r]); diff != "" {
			t.Errorf("replica %d led to other events: %s", r, diff)
		}
	}
}

func TestAnEventThatCannotBeReadLeavesItsNeighboursAlone(t *testing.T) {
	db := ledger(t)
	bad := add(t, 1, 2, 3)
	bad[0].Data = []byte(`{"n":"seven"}`)
	bad[1].Type.Name = "number.subtracted"
	bad[2].Type.Version = 2
	events := slices.Concat(bad[:1], add(t, 4), bad[1:], add(t, 5))
	steps := summing()
	steps.Table[sum] = func(*totals, event.Event) (inbox.Task[*totals], error) { panic("a step that panics") }
	panicking, err := events[1].Next(sum, map[string]int{})
	if err != nil {
		t.Fatal(err)
	}
	results := steps.Handler(db, "test/1", testkit.Log(t)).Handle(t.Context(), append(events, panicking))
	for i, why := range []string{"seven", "", "no step for type number.subtracted.v1", "no step for type number.added.v2", "", "a step that panics"} {
		err := results[i].Err
		if (err == nil) != (why == "") || err != nil && i > 0 && !strings.Contains(err.Error(), why) {
			t.Errorf("event %d: error %v, want %q", i, err, why)
		}
	}
	if got := total(t, db); got != 9 {
		t.Errorf("sum is %d, want 9", got)
	}
}

func TestTheTypesOfATableAreInOrder(t *testing.T) {
	steps := summing()
	steps.Table[sum], steps.Table[event.Type{Name: "number.added", Version: 2}] = nil, nil
	if got := fmt.Sprint(steps.Table.Types()); got != "[number.added.v1 number.added.v2 sum.changed.v1]" {
		t.Error(got)
	}
}

func TestWaitsWhileTheDatabaseIsAway(t *testing.T) {
	proxy, address := testkit.Through(t, testkit.PostgresURL(t))
	db := testkit.PostgresAt(t, address)
	prepare(t, db)
	waiting := &waits{Handler: testkit.Log(t).Handler()}
	h := summing().Handler(db, "test/1", slog.New(waiting))
	handle := func(ctx context.Context, n int) <-chan []amqp.Result {
		done, batch := make(chan []amqp.Result, 1), add(t, n)
		go func() { done <- h.Handle(ctx, batch) }()
		return done
	}

	proxy.Cut()
	done := handle(t.Context(), 7)
	waiting.await(t, done, 3)
	proxy.Heal()
	if r := <-done; r[0].Err != nil || total(t, db) != 7 {
		t.Errorf("after the outage: %v, sum %d", r[0].Err, total(t, db))
	}

	proxy.Cut()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done = handle(ctx, 8)
	waiting.await(t, done, 1)
	cancel()
	if r := <-done; len(r) != 1 || r[0].Err == nil {
		t.Errorf("when its time was over it returned %v", r)
	}
}

// A transaction that another one holds up, or that has too much to do, must not hold up the queue for good: its events come back
// later, a bounded number of times.
func TestABatchThatTakesTooLongIsTriedAgainLater(t *testing.T) {
	db := ledger(t)
	release := lock(t, db)
	for i, r := range inbox.HandlerWithin(200*time.Millisecond, summing(), db, testkit.Log(t)).Handle(t.Context(), add(t, 1, 2)) {
		if !amqp.Retried(r.Err) {
			t.Errorf("event %d: %v, want an error that is tried again", i, r.Err)
		}
	}
	release()
	for i, r := range summing().Handler(db, "test/1", testkit.Log(t)).Handle(t.Context(), add(t, 1, 2)) {
		if r.Err != nil {
			t.Errorf("event %d, later: %v", i, r.Err)
		}
	}
	if got := total(t, db); got != 3 {
		t.Errorf("sum is %d, want 3", got)
	}
}

// A database that takes connections and does nothing is away: a batch waits for it, however long that takes.
func TestWaitsWhileTheDatabaseDoesNothing(t *testing.T) {
	proxy, address := testkit.Through(t, testkit.PostgresURL(t))
	db := testkit.PostgresAt(t, address)
	prepare(t, db)
	waiting := &waits{Handler: testkit.Log(t).Handler()}
	h := inbox.HandlerWithin(200*time.Millisecond, summing(), db, slog.New(waiting))
	proxy.Mute()
	done, batch := make(chan []amqp.Result, 1), add(t, 7)
	go func() { done <- h.Handle(t.Context(), batch) }()
	waiting.await(t, done, 2)
	proxy.Heal()
	if r := <-done; r[0].Err != nil || total(t, db) != 7 {
		t.Errorf("after the outage: %v, sum %d", r[0].Err, total(t, db))
	}
}

// waits is a log that counts how often a handler has found the database away.
type waits struct {
	slog.Handler
	n atomic.Int64
}

func (w *waits) Handle(ctx context.Context, r slog.Record) error {
	if strings.HasPrefix(r.Message, "database away") {
		w.n.Add(1)
	}
	return w.Handler.Handle(ctx, r)
}

// await waits until the handler has found the database away so many more times, and holds that it has not answered.
func (w *waits) await(t *testing.T, answered <-chan []amqp.Result, times int64) {
	t.Helper()
	enough := w.n.Load() + times
	testkit.Eventually(t, "the handler to wait for the database", time.Minute, func() error {
		if n := w.n.Load(); n < enough {
			return fmt.Errorf("it has waited %d times", n)
		}
		return nil
	})
	select {
	case r := <-answered:
		t.Fatalf("answered %v without a database", r)
	default:
	}
}

// summing adds numbers to one locked row.
func summing() inbox.Steps[*totals] {
	return inbox.Steps[*totals]{
		Table: inbox.Table[*totals]{added: readNumber},
		Begin: func() *totals { return &totals{} },
	}
}

const (
	refused  = -1
	panics   = -2
	tooLarge = 1_000_000 // the table has a check
)

type totals struct{ total int }

func (s *totals) Load(b *pgx.Batch) {
	b.Queue(`select total from ledger for update`).QueryRow(func(row pgx.Row) error { return row.Scan(&s.total) })
}

func (s *totals) Store(b *pgx.Batch) { b.Queue(`update ledger set total = $1`, s.total) }

type number struct{ N int }

func readNumber(_ *totals, e event.Event) (inbox.Task[*totals], error) {
	var n number
	err := e.Read(&n)
	return n, err
}

func (number) Want(*totals) {}

func (n number) Decide(s *totals, _ time.Time, e event.Event) ([]event.Event, error) {
	switch n.N {
	case refused:
		return nil, errors.New("no negative numbers")
	case panics:
		panic("no negative numbers")
	}
	s.total += n.N
	emitted, err := e.Next(sum, map[string]int{"total": s.total})
	return []event.Event{emitted}, err
}

func ledger(t *testing.T) *pgxpool.Pool {
	t.Helper()
	db := testkit.Postgres(t)
	prepare(t, db)
	return db
}

// prepare makes the inbox and the ledger.
func prepare(t *testing.T, db *pgxpool.Pool) {
	t.Helper()
	postgrestest.Update(t, db, inbox.Migrations)
	execute(t, db, `create table ledger (total int check (total < 100000))`)
	execute(t, db, `insert into ledger values (0)`)
}

func total(t *testing.T, db *pgxpool.Pool) (n int) {
	t.Helper()
	if err := db.QueryRow(t.Context(), `select total from ledger`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func add(t *testing.T, numbers ...int) []event.Event {
	t.Helper()
	var events []event.Event
	for _, n := range numbers {
		events = append(events, numbered(t, added, n, map[string]int{"n": n}))
	}
	return events
}
