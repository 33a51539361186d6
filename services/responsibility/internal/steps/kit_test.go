package steps_test

import (
	"encoding/json"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/responsibility/internal/assignment"
	"fxcore/services/responsibility/internal/messages"
	"fxcore/services/responsibility/internal/steps"
	"fxcore/services/responsibility/internal/store"
)

// static holds desks that never change.
type static map[string]assignment.Desk

func (s static) Desks() map[string]assignment.Desk { return s }

func desks() static {
	all := []string{"spot", "forward", "swap"}
	return static{
		"FXS1": {ID: "FXS1", Products: all, Traders: []string{"U0001", "U0002", "U0003"}},
		"FXS2": {ID: "FXS2", Products: all, Traders: []string{"U0004", "U0005", "U0006"}},
	}
}

func schema(t *testing.T) *pgxpool.Pool {
	t.Helper()
	return postgrestest.Schema(t, inbox.Migrations, store.Migrations)
}

func replica(t *testing.T, pool *pgxpool.Pool, name string, desks static) amqp.Handler {
	t.Helper()
	return steps.Registered(desks).Handler(pool, "responsibility/"+name, testkit.Log(t))
}

// registered returns trade.registered for the numbered trade. message distinguishes several messages about one trade.
func registered(t *testing.T, number, message string) event.Event {
	t.Helper()
	id := event.NewID(testkit.Day, "trade", number)
	e, err := event.New(contract.TradeRegistered, event.NewID(testkit.Day, number, message), "alpha", id, map[string]any{
		"request":    map[string]any{"product": "spot"},
		"authorized": map[string]any{"desk": "FXS2"},
		"registered": map[string]any{"trade_id": id},
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// assigned decodes the data of the only event in the result.
func assigned(t *testing.T, r amqp.Result) messages.Assigned {
	t.Helper()
	if r.Err != nil || len(r.Emit) != 1 {
		t.Fatalf("%d events, error %v", len(r.Emit), r.Err)
	}
	var a messages.Assigned
	if err := json.Unmarshal(r.Emit[0].Data, &a); err != nil {
		t.Fatal(err)
	}
	return a
}
