package steps

import (
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/store"
)

func schema(t testing.TB) *pgxpool.Pool {
	t.Helper()
	return postgrestest.Schema(t, inbox.Migrations, store.Migrations)
}

// open describes n open reservations of 1 dollar each of a provider, with their kind and the time at which they lapse.
type open struct {
	n        int
	provider string
	kind     line.Kind
	lapse    time.Time
}

// reserve stores the open reservations, for client C1.
func reserve(t *testing.T, pool *pgxpool.Pool, o open) {
	t.Helper()
	book, path := line.NewBook(), line.Path{Group: "G1", Desk: "D1", Client: "C1"}
	var load, save pgx.Batch
	store.QueueLoad(&load, store.Wanted{Paths: []line.Path{path}}, book)
	send(t, pool, &load)
	for i := range o.n {
		err := book.Reserve(line.Reservation{
			ID:   event.NewID(testkit.Day, o.provider, string(o.kind), o.lapse.String(), fmt.Sprint(i)),
			Kind: o.kind, Provider: o.provider, Path: path, Exposure: decimal.NewFromInt(1), ExpiresAt: o.lapse,
			Terms:       line.Terms{Pair: "EUR/USD", Currency: "EUR", Side: line.Buy, Amount: decimal.NewFromInt(10)},
			Settlements: []line.Settlement{{ValueDate: time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC), Amount: decimal.NewFromInt(10)}},
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

// handle delivers events and returns the events that they cause. It fails the test if one is not handled.
func handle(t *testing.T, h amqp.Handler, events ...event.Event) (emitted []event.Event) {
	t.Helper()
	for _, r := range h.Handle(t.Context(), events) {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		emitted = append(emitted, r.Emit...)
	}
	return emitted
}

// stillOpen returns the number of open reservations by provider and kind. It also calls mustBalance.
func stillOpen(t *testing.T, pool *pgxpool.Pool) map[string]int {
	t.Helper()
	mustBalance(t, pool)
	rows, _ := pool.Query(t.Context(), "select provider || ' ' || kind, count(*) from reservation where state = 'RESERVED' group by 1")
	counts := map[string]int{}
	var of string
	var n int
	if _, err := pgx.ForEachRow(rows, []any{&of, &n}, func() error { counts[of] = n; return nil }); err != nil {
		t.Fatal(err)
	}
	return counts
}

// mustBalance fails the test if the usage of a node differs from the sum of its reservations.
func mustBalance(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	if found, err := store.Recompute(t.Context(), pool); err != nil || len(found) > 0 {
		t.Errorf("the ledger: %v %+v", err, found)
	}
}
