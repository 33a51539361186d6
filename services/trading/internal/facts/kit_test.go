package facts_test

import (
	"errors"
	"fmt"
	"reflect"
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
	"fxcore/services/trading/internal/calendar"
	"fxcore/services/trading/internal/facts"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/store"
	"fxcore/services/trading/internal/trade"
)

// schema is a migrated schema of trading.
func schema(t testing.TB) *pgxpool.Pool {
	t.Helper()
	pool := testkit.Postgres(t)
	if err := postgres.Migrate(t.Context(), pool, inbox.Migrations, store.Migrations); err != nil {
		t.Fatal(err)
	}
	return pool
}

func replica(t *testing.T, pool *pgxpool.Pool, name string) amqp.Handler {
	t.Helper()
	return inbox.Of(pool, facts.New(), "trading/"+name, testkit.Log(t))
}

// names are the ids of some trades.
func names(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = event.NewID("trade", fmt.Sprint(i))
	}
	return ids
}

// registerAll stores a spot trade of each id.
func registerAll(t testing.TB, pool *pgxpool.Pool, ids []string) {
	t.Helper()
	spot := calendar.NewDate(2026, 11, 27)
	trades := make([]trade.Trade, len(ids))
	for i, id := range ids {
		registered, err := trade.Register(id, trade.Terms{
			Kind: "request", Provider: "ALPHA", Reference: "R", Client: "C000001", Product: trade.Spot, Pair: "EUR/USD",
			DealtCurrency: "EUR", TradeDate: calendar.NewDate(2026, 11, 24), TransactedAt: noon, SpotDate: spot,
			Legs: []trade.Leg{{
				ValueDate: spot, Base: "EUR", BaseSide: trade.Buy, BaseAmount: decimal.NewFromInt(100),
				Quote: "USD", QuoteAmount: decimal.NewFromInt(112), Rate: decimal.RequireFromString("1.12"),
			}},
			ReferenceRate: decimal.RequireFromString("1.12"), ReferenceAsOf: noon, USDAmount: decimal.NewFromInt(112),
		}, noon)
		if err != nil {
			t.Fatal(err)
		}
		trades[i] = registered
	}
	var b pgx.Batch
	store.QueueRegister(&b, trades)
	if err := pool.SendBatch(t.Context(), &b).Close(); err != nil {
		t.Fatal(err)
	}
}

// life reads the life of a trade's first version.
func life(t *testing.T, pool *pgxpool.Pool, id string) trade.Life {
	t.Helper()
	var b pgx.Batch
	ref := trade.Ref{ID: id, Version: 1}
	lives := store.QueueLives(&b, []trade.Ref{ref})
	if err := pool.SendBatch(t.Context(), &b).Close(); err != nil {
		t.Fatal(err)
	}
	if lives[ref] == nil {
		t.Fatalf("trade %s is not there", id)
	}
	return *lives[ref]
}

func assigned(t testing.TB, id, trader string, at time.Time) event.Event {
	t.Helper()
	e := newEvent(t, messages.TradeAssigned, id, map[string]any{"trade_id": id, "desk": "FXS1", "trader": trader}, trader)
	e.Time = at
	return e
}

func booked(t testing.TB, id, reference string) event.Event {
	t.Helper()
	return newEvent(t, messages.TradeBooked, id, map[string]any{"trade_id": id, "booking_reference": reference, "booked_at": noon})
}

func bookedAgain(t *testing.T, id, reference string) event.Event {
	t.Helper()
	e := booked(t, id, reference)
	e.ID = event.NewID("again", id)
	return e
}

func refused(t *testing.T, id, code string, at time.Time) event.Event {
	t.Helper()
	e := newEvent(t, messages.TradeRefused, id, map[string]any{"trade_id": id, "code": code, "text": "account closed"})
	e.Time = at
	return e
}

func rejected(t *testing.T, id, code string) event.Event {
	t.Helper()
	return newEvent(t, messages.TradeRejected, id, map[string]any{
		"request":  map[string]any{"trade_id": id, "provider": "ALPHA", "reference": "R", "client": "C000001"},
		"rejected": map[string]any{"code": code, "text": "why\x00", "by": "auth"},
	})
}

func newEvent(t testing.TB, typ event.Type, id string, data any, part ...string) event.Event {
	t.Helper()
	e, err := event.New(typ, event.NewID(append([]string{typ.Name, id}, part...)...), "alpha", id, data)
	if err != nil {
		t.Fatal(err)
	}
	e.Time = noon
	return e
}

// isRetry tells whether the error asks for another try.
func isRetry(err error) bool {
	target := reflect.New(reflect.TypeOf(amqp.Retry(err)))
	return err != nil && errors.As(err, target.Interface())
}
