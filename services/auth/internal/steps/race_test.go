package steps_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/auth/internal/store"
)

// While the transaction of one replica holds the claim of an id, another replica with the same id waits. Its request is a
// repeat if the first transaction commits, and the first request if that transaction rolls back.
func TestTheSecondReplicaWaitsForTheFirst(t *testing.T) {
	cases := map[string]struct {
		end  func(pgx.Tx, context.Context) error
		want string
	}{
		"which commits": {pgx.Tx.Commit, "repeated"},
		"which dies":    {pgx.Tx.Rollback, "authorized"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			pool := schema(t)
			o := spot("R1")
			tx := claimed(t, pool, o)
			answered := make(chan string, 1)
			go func() { answered <- verdicts(t, replica(t, pool, "2"), o.event(t))[0] }()
			testkit.Eventually(t, "the second replica to wait", 20*time.Second, func() error { return waiting(pool) })
			if err := c.end(tx, t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := <-answered; got != c.want {
				t.Errorf("second replica says %s, want %s", got, c.want)
			}
		})
	}
}

// claimed returns the open transaction of a replica that has claimed the id of o for another event.
func claimed(t *testing.T, pool *pgxpool.Pool, o order) pgx.Tx {
	t.Helper()
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback(context.Background()) })
	var b pgx.Batch
	store.QueueClaims(&b, []store.Claim{{ID: o.id(), Digest: o.digest, Event: event.NewID(testkit.Day, "first"), TradeDate: "2026-11-20"}})
	if err := tx.SendBatch(t.Context(), &b).Close(); err != nil {
		t.Fatal(err)
	}
	return tx
}

// waiting returns nil while a claim in this test's schema waits for another transaction.
func waiting(pool *pgxpool.Pool) error {
	var n int
	const blocked = `select count(*) from pg_locks l join pg_locks r on r.pid = l.pid and r.relation = 'request'::regclass
		where not l.granted and l.locktype = 'transactionid'`
	if err := pool.QueryRow(context.Background(), blocked).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return errors.New("nobody waits")
	}
	return nil
}

// Two replicas handle the two messages of each of many references at the same time, in different orders and batches. Each
// reference must have one first request. Nothing may deadlock or fail.
func TestOfTwoReplicasAtOnceExactlyOneIsFirst(t *testing.T) {
	const references, batch = 400, 40
	pool := schema(t)
	counts := map[string]map[string]int{}
	var mu sync.Mutex
	var replicas sync.WaitGroup
	for name := range 2 {
		events := make([]event.Event, 0, references)
		for _, i := range rand.Perm(references) {
			o := spot(fmt.Sprintf("R%d", i))
			o.message = fmt.Sprint(name)
			events = append(events, o.event(t))
		}
		h := replica(t, pool, fmt.Sprint(name))
		replicas.Go(func() {
			for ; len(events) > 0; events = events[batch:] {
				for i, r := range h.Handle(t.Context(), events[:batch]) {
					mu.Lock()
					id := events[i].Correlation
					if counts[id] == nil {
						counts[id] = map[string]int{}
					}
					counts[id][verdict(t, r)]++
					mu.Unlock()
				}
			}
		})
	}
	replicas.Wait()
	for id, got := range counts {
		if diff := cmp.Diff(map[string]int{"authorized": 1, "repeated": 1}, got); diff != "" {
			t.Fatalf("trade %s: %s", id, diff)
		}
	}
	if len(counts) != references {
		t.Errorf("%d references answered, want %d", len(counts), references)
	}
}
