package steps_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
	"fxcore/services/trading/internal/store"
	"fxcore/services/trading/internal/trade"
)

// registerAll stores one spot trade for each id.
func registerAll(t testing.TB, pool *pgxpool.Pool, ids []string) {
	t.Helper()
	spot := fxdate.NewDate(2026, 11, 27)
	trades := make([]trade.Trade, len(ids))
	for i, id := range ids {
		registered, err := trade.Register(id, trade.Terms{
			Kind: "request", Provider: "ALPHA", Reference: "R", Client: "C000001", Product: trade.Spot, Pair: "EUR/USD",
			DealtCurrency: "EUR", TradeDate: fxdate.NewDate(2026, 11, 24), TransactedAt: now, SpotDate: spot,
			Legs: []trade.Leg{{
				ValueDate: spot, Base: "EUR", BaseSide: trade.Buy, BaseAmount: decimal.NewFromInt(100),
				Quote: "USD", QuoteAmount: decimal.NewFromInt(112), Rate: decimal.RequireFromString("1.12"),
			}},
			ReferenceRate: decimal.RequireFromString("1.12"), ReferenceAsOf: now, USDAmount: decimal.NewFromInt(112),
		}, now)
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
	e := newEvent(t, contract.TradeAssigned, id, map[string]any{"trade_id": id, "desk": "FXS1", "trader": trader}, trader)
	e.Time = at
	return e
}

func booked(t testing.TB, id, reference string) event.Event {
	t.Helper()
	return newEvent(t, contract.TradeBooked, id, map[string]any{"trade_id": id, "booking_reference": reference, "booked_at": now})
}

func settled(t testing.TB, id string, leg int, message string) event.Event {
	t.Helper()
	return newEvent(t, contract.SettlementSettled, id, map[string]any{"trade_id": id, "version": 1, "leg": leg, "settled_at": now}, message)
}

func bookedAgain(t *testing.T, id, reference string) event.Event {
	t.Helper()
	e := booked(t, id, reference)
	e.ID = event.NewID(testkit.Day, "again", id)
	return e
}

func refused(t *testing.T, id, code string, at time.Time) event.Event {
	t.Helper()
	e := newEvent(t, contract.TradeRefused, id, map[string]any{"trade_id": id, "code": code, "text": "account closed"})
	e.Time = at
	return e
}

func rejected(t *testing.T, id, code string) event.Event {
	t.Helper()
	return newEvent(t, contract.TradeRejected, id, map[string]any{
		"request":  map[string]any{"trade_id": id, "provider": "ALPHA", "reference": "R", "client": "C000001"},
		"rejected": map[string]any{"code": code, "text": "why\x00", "by": "auth"},
	})
}

// isRetry reports whether the error is a retry error.
func isRetry(err error) bool {
	target := reflect.New(reflect.TypeOf(amqp.Retry(err)))
	return err != nil && errors.As(err, target.Interface())
}
