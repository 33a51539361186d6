package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/testkit"
)

// highest keeps the highest number in one locked row: a number that comes again changes nothing.
func highest() inbox.Steps[*peak] {
	return inbox.Steps[*peak]{
		Table:      inbox.Table[*peak]{added: readHigh, sum: readEcho},
		Begin:      func() *peak { return &peak{} },
		Idempotent: true,
	}
}

type peak struct{ found, total int }

func (s *peak) Load(b *pgx.Batch) {
	b.Queue(`select total, total from ledger for update`).QueryRow(func(row pgx.Row) error { return row.Scan(&s.found, &s.total) })
}

func (s *peak) Store(b *pgx.Batch) {
	if s.total != s.found {
		b.Queue(`update ledger set total = $1`, s.total)
	}
}

type high struct{ number }

func readHigh(_ *peak, e event.Event) (inbox.Task[*peak], error) {
	var n number
	err := e.Read(&n)
	return high{n}, err
}

func (high) Want(*peak) {}

func (h high) Decide(s *peak, _ time.Time, _ event.Event) ([]event.Event, error) {
	if h.N == refused {
		return nil, errors.New("no negative numbers")
	}
	s.total = max(s.total, h.N)
	return nil, nil
}

// echo emits, which steps without inbox rows must not.
type echo struct{}

func readEcho(*peak, event.Event) (inbox.Task[*peak], error) { return echo{}, nil }

func (echo) Want(*peak) {}

func (echo) Decide(_ *peak, _ time.Time, e event.Event) ([]event.Event, error) {
	again, err := e.Next(sum, map[string]int{})
	return []event.Event{again}, err
}

// written names the transaction that wrote the ledger last.
func written(t *testing.T, db *pgxpool.Pool) (by string) {
	t.Helper()
	if err := db.QueryRow(t.Context(), `select xmin::text from ledger`).Scan(&by); err != nil {
		t.Fatal(err)
	}
	return by
}

func TestIdempotentStepsNeedNoInboxRow(t *testing.T) {
	db := ledger(t)
	events := add(t, 3, 7, refused, 5)
	results := highest().Handler(db, "test/1", testkit.Log(t)).Handle(t.Context(), events)
	if results[0].Err != nil || results[1].Err != nil || results[2].Err == nil || results[3].Err != nil || total(t, db) != 7 {
		t.Errorf("%+v, highest %d, want 7", results, total(t, db))
	}
	before := written(t, db)
	for _, e := range append(events[:2:2], events[3]) {
		if r := highest().Handler(db, "test/2", testkit.Log(t)).Handle(t.Context(), []event.Event{e, e}); r[0].Err != nil || r[1].Err != nil {
			t.Errorf("again, at another replica: %+v", r)
		}
	}
	if err := rows(t, db, 0); err != nil || written(t, db) != before {
		t.Errorf("%v; the ledger was written again: %t", err, written(t, db) != before)
	}
}

// What a step without inbox rows emits would not be published again after a failure, so it is not published at all.
func TestIdempotentStepsEmitNothing(t *testing.T) {
	db := ledger(t)
	events := add(t, 3, 4, 5)
	events[1].Type = sum
	results := highest().Handler(db, "test/1", testkit.Log(t)).Handle(t.Context(), events)
	if results[0].Err != nil || results[1].Err == nil || len(results[1].Emit) > 0 || results[2].Err != nil || total(t, db) != 5 {
		t.Errorf("%+v, highest %d, want 5", results, total(t, db))
	}
}

// Whatever two replicas are handed at once, in whatever order and however often, the effect is the same.
func TestIdempotentStepsOnTwoReplicasInAnyOrder(t *testing.T) {
	db := ledger(t)
	rapid.Check(t, func(rt *rapid.T) {
		execute(t, db, `update ledger set total = 0`)
		var replicas sync.WaitGroup
		most := 0
		for range 2 {
			numbers := rapid.SliceOfN(rapid.IntRange(0, 99), 1, 30).Draw(rt, "numbers")
			for _, n := range numbers {
				most = max(most, n)
			}
			h, events := highest().Handler(db, "test/1", testkit.Log(t)), add(t, numbers...)
			replicas.Go(func() {
				for _, r := range h.Handle(t.Context(), events) {
					if r.Err != nil {
						rt.Error(r.Err)
					}
				}
			})
		}
		replicas.Wait()
		if got := total(t, db); got != most {
			rt.Errorf("highest %d, want %d", got, most)
		}
	})
}

// A service is killed (-9) after the commit and before the acknowledgement. Another replica gets the event again, and writes nothing.
func TestKilledBeforeTheAcknowledgementOfAnIdempotentStep(t *testing.T) {
	broker, schema := testkit.AMQP(t), testkit.PostgresURL(t)
	db := testkit.PostgresAt(t, schema)
	prepare(t, db)
	bus := amqptest.Open(t, amqp.Config{URL: broker}, counting)
	proxy, kill := service(t, "highest", broker, schema)
	release := lock(t, db)
	if err := bus.Publish(t.Context(), add(t, 7)...); err != nil {
		t.Fatal(err)
	}
	blocked(t, db) // so the service has the event, and waits for the row
	proxy.Deafen()
	release()
	testkit.Eventually(t, "the commit", 20*time.Second, func() error {
		if n := total(t, db); n != 7 {
			return fmt.Errorf("highest %d", n)
		}
		return nil
	})
	kill()
	before := written(t, db)
	again := newHeard()
	other := highest().Handler(db, "counting/other", testkit.Log(t))
	go func() { _ = bus.Consume(t.Context(), "counting", both{again, other}) }()
	again.await(t, 1)
	acknowledged(t, bus)
	if total(t, db) != 7 || written(t, db) != before {
		t.Errorf("highest %d, want 7; written again: %t", total(t, db), written(t, db) != before)
	}
}

// both lets one handler hear what the other one handles.
type both struct{ hears, handles amqp.Handler }

func (b both) Handle(ctx context.Context, events []event.Event) []amqp.Result {
	b.hears.Handle(ctx, events)
	return b.handles.Handle(ctx, events)
}
