package steps_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/failover/internal/messages"
	"fxcore/services/failover/internal/plan"
	"fxcore/services/failover/internal/steps"
	"fxcore/services/failover/internal/store"
)

// rules without waiting: an instance is steady at once, and dead only after an hour.
var rules = plan.Rules{Alive: time.Hour, Steady: 0, AtOnce: 2, Bound: time.Hour, Attempts: 3, Pause: time.Hour}

// now is what the clock of the steps says.
var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func schema(t *testing.T) *pgxpool.Pool {
	t.Helper()
	return postgrestest.Schema(t, inbox.Migrations, store.Migrations)
}

// replica handles the events of both queues, one by one.
func replica(t *testing.T, pool *pgxpool.Pool) amqp.Handler {
	t.Helper()
	facts := at(now, steps.Facts(rules)).Handler(pool, "failover/1", testkit.Log(t))
	reports := at(now, steps.Reports(rules)).Handler(pool, "failover/1", testkit.Log(t))
	return amqp.HandlerFunc(func(ctx context.Context, events []event.Event) (results []amqp.Result) {
		for _, e := range events {
			queue := facts
			if e.Type == contract.InstanceReported {
				queue = reports
			}
			results = append(results, queue.Handle(ctx, []event.Event{e})...)
		}
		return results
	})
}

// at sets the clock of the steps.
func at(clock time.Time, of inbox.Steps[*steps.Batch]) inbox.Steps[*steps.Batch] {
	of.Clock = func() time.Time { return clock }
	return of
}

// reported is what an instance says; it holds the given providers of A and B, with epochs.
func reported(t *testing.T, name string, sequence int, holds map[string]int64) event.Event {
	t.Helper()
	sessions := []map[string]any{}
	for _, p := range []string{"A", "B"} {
		sessions = append(sessions, map[string]any{"provider": p, "held": holds[p] > 0, "epoch": holds[p]})
	}
	return made(t, contract.InstanceReported, "fix", fmt.Sprint(name, sequence), map[string]any{
		"instance": name, "started": now.Truncate(time.Hour), "sequence": sequence, "ready": true, "sessions": sessions,
	})
}

func told(t *testing.T, typ event.Type, instance string, epoch int64) event.Event {
	t.Helper()
	return made(t, typ, "fix", fmt.Sprint(instance, epoch), map[string]any{
		"provider": "A", "instance": instance, "epoch": epoch, "at": now, "cause": "given",
	})
}

func commanded(t *testing.T, name, provider, instance string) event.Event {
	t.Helper()
	return made(t, contract.FailoverCommanded, contract.Operations, name+provider+instance,
		messages.Command{Command: name, Provider: provider, Instance: instance, By: "anna"})
}

func made(t *testing.T, typ event.Type, origin, serial string, data any) event.Event {
	t.Helper()
	e, err := event.New(typ, event.NewID(testkit.Day, typ.Name, serial), origin, "story", data)
	if err != nil {
		t.Fatal(err)
	}
	e.Time = now
	return e
}

// handle returns what events led to; none may fail.
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

// begun has two instances, of which the first holds A, at home, and the second B.
func begun(t *testing.T) (*pgxpool.Pool, amqp.Handler) {
	t.Helper()
	pool := schema(t)
	h := replica(t, pool)
	begin(t, h)
	return pool, h
}

func begin(t *testing.T, h amqp.Handler) {
	t.Helper()
	requested := handle(t, h, commanded(t, plan.CommandManual, "", "before the first"),
		reported(t, "fix/1", 1, map[string]int64{"A": 1}), reported(t, "fix/2", 1, map[string]int64{"B": 1}),
		commanded(t, plan.CommandHome, "A", "fix/1"), commanded(t, plan.CommandHome, "B", "fix/2"), commanded(t, plan.CommandAutomatic, "", ""))
	if len(requested) > 0 {
		t.Fatalf("%+v", requested)
	}
}
