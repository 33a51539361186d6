package withdraw_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
	"fxcore/services/linecheck/internal/withdraw"
)

func schema(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool := testkit.Postgres(t)
	if err := postgres.Migrate(t.Context(), pool, inbox.Migrations, store.Migrations); err != nil {
		t.Fatal(err)
	}
	return pool
}

// reserve stores n open reservations of a dollar each.
func reserve(t *testing.T, pool *pgxpool.Pool, provider string, kind line.Kind, n int) {
	t.Helper()
	book, path := line.NewBook(), line.Path{Group: "G1", Desk: "D1", Client: "C1"}
	var load, save pgx.Batch
	store.QueueLoad(&load, store.Wanted{Paths: []line.Path{path}}, book)
	send(t, pool, &load)
	for i := range n {
		err := book.Reserve(line.Reservation{
			ID: event.NewID(provider, string(kind), fmt.Sprint(i)), Kind: kind, Provider: provider, Path: path, Exposure: decimal.NewFromInt(1),
			Settlements: []line.Settlement{{ValueDate: time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC), Amount: decimal.NewFromInt(10)}},
			ExpiresAt:   time.Now().Add(time.Hour),
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

func ended(t *testing.T, serial, provider string, until time.Time) event.Event {
	t.Helper()
	e, err := event.New(messages.SessionHasEnded, event.NewID("ended", serial), "alpha", "session", messages.SessionEnded{Provider: provider, Until: until})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// open is how many reservations still hold the line, by provider and kind; the ledger must balance.
func open(t *testing.T, pool *pgxpool.Pool) map[string]int {
	t.Helper()
	counts := map[string]int{}
	rows, err := pool.Query(t.Context(), "select provider || ' ' || kind, count(*) from reservation where state = 'RESERVED' group by 1")
	if err != nil {
		t.Fatal(err)
	}
	var of string
	var n int
	if _, err := pgx.ForEachRow(rows, []any{&of, &n}, func() error { counts[of] = n; return nil }); err != nil {
		t.Fatal(err)
	}
	if found, err := store.Recompute(t.Context(), pool); err != nil || len(found) > 0 {
		t.Errorf("the ledger: %v %+v", err, found)
	}
	return counts
}

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

// What a provider reserved by checks is withdrawn, whether the message comes once, twice or late; what others reserved is
// not, nor what belongs to a trade on its way, nor what is consumed, nor what was reserved after the provider had come back.
func TestWhatAProviderLeftIsWithdrawnOnce(t *testing.T) {
	pool := schema(t)
	before := time.Now().Add(-time.Hour)
	for _, of := range []struct {
		provider string
		kind     line.Kind
	}{{"ALPHA", line.ForCheck}, {"ALPHA", line.ForTrade}, {"BETA", line.ForCheck}} {
		reserve(t, pool, of.provider, of.kind, 3)
	}
	h := inbox.Of(pool, withdraw.Handler{}, "linecheck/1", testkit.Log(t))
	handle(t, h, ended(t, "of an earlier time", "ALPHA", before))
	if got := open(t, pool)["ALPHA check"]; got != 3 {
		t.Fatalf("%d are open, want 3: they were reserved later", got)
	}
	last := ended(t, "now", "ALPHA", time.Now().Add(time.Minute))
	for range 3 {
		if emitted := handle(t, h, last, last); len(emitted) != 0 {
			t.Errorf("there is more to do: %v", emitted)
		}
		got := open(t, pool)
		if len(got) != 2 || got["ALPHA trade"] != 3 || got["BETA check"] != 3 {
			t.Fatalf("%v", got)
		}
	}
	var withdrawn int
	err := pool.QueryRow(t.Context(), "select count(*) from reservation where state = 'WITHDRAWN' and resolved_at is not null").Scan(&withdrawn)
	if err != nil || withdrawn != 3 {
		t.Errorf("%d, %v", withdrawn, err)
	}
}

func TestSeveralProvidersInOneBatch(t *testing.T) {
	pool := schema(t)
	reserve(t, pool, "ALPHA", line.ForCheck, 2)
	reserve(t, pool, "BETA", line.ForCheck, 2)
	reserve(t, pool, "GAMMA", line.ForCheck, 2)
	h := inbox.Of(pool, withdraw.Handler{}, "linecheck/1", testkit.Log(t))
	handle(t, h, ended(t, "1", "ALPHA", time.Now().Add(time.Minute)), ended(t, "2", "BETA", time.Now().Add(-time.Minute)), ended(t, "3", "GAMMA", time.Now().Add(time.Minute)))
	if got := open(t, pool); len(got) != 1 || got["BETA check"] != 2 {
		t.Errorf("%v", got)
	}
}

func TestManyAreWithdrawnInParts(t *testing.T) {
	pool := schema(t)
	reserve(t, pool, "ALPHA", line.ForCheck, 450)
	h := inbox.Of(pool, withdraw.Handler{}, "linecheck/1", testkit.Log(t))
	events := []event.Event{ended(t, "1", "ALPHA", time.Now().Add(time.Minute))}
	for part, want := range []int{250, 50, 0} {
		events = handle(t, h, events...)
		if got := open(t, pool)["ALPHA check"]; got != want {
			t.Fatalf("after part %d: %d, want %d", part, got, want)
		}
	}
	if len(events) != 0 {
		t.Errorf("it goes on with nothing left: %v", events)
	}
}

func TestAMessageWithoutAProviderIsRefused(t *testing.T) {
	h := inbox.Of(schema(t), withdraw.Handler{}, "linecheck/1", testkit.Log(t))
	for serial, data := range []string{`{"provider":5}`, `{}`, `{"provider":"ALPHA"}`, `{"until":"2026-11-24T10:00:00Z"}`} {
		e, err := event.New(messages.SessionHasEnded, event.NewID("bad", fmt.Sprint(serial)), "alpha", "session", json.RawMessage(data))
		if err != nil {
			t.Fatal(err)
		}
		r := h.Handle(t.Context(), []event.Event{e})
		if r[0].Err == nil || strings.Contains(r[0].Err.Error(), "%!") {
			t.Errorf("%s: %v", data, r[0].Err)
		}
	}
}
