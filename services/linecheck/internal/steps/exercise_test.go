package steps

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

// at returns the steps with a fixed clock.
func at[S inbox.Batch](now time.Time, steps inbox.Steps[S]) inbox.Steps[S] {
	steps.Clock = func() time.Time { return now }
	return steps
}

// resolvedByTheDatabase gives resolved_at a default, so that the exercise knows that the database sets it. created_at has
// one already.
func resolvedByTheDatabase(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), "alter table reservation alter resolved_at set default now()"); err != nil {
		t.Fatal(err)
	}
}

// bad returns an event without the data that its step needs.
func bad(t *testing.T, typ event.Type) event.Event {
	t.Helper()
	return message(t, typ, "bad", "", time.Time{}, json.RawMessage(`{"request":{"trade_id":"7","check_id":"7"}}`))
}

func TestTheStepsOfChecks(t *testing.T) {
	t.Parallel()
	released, refused := spot{"T1", "C000001", "1000000"}, spot{"T2", "C000001", "1500001"}
	inboxtest.Exercise(t, inboxtest.Queue[*Batch]{
		Steps:      at(noon, Checks(static{snapshot: snapshot()}, likeTrades())),
		Migrations: store.Migrations,
		Prepare:    resolvedByTheDatabase,
		Events: []event.Event{
			released.message(t, contract.TradeValidated, "1"), // two thirds of the line
			reserving("L1", "1000000").message(t, deadline),   // refused
			released.message(t, contract.TradeRejected, "1"),
			reserving("L2", "1000000").message(t, deadline),
			resolving(messages.Consume, "L3", "L2").message(t, deadline),
			reserving("L4", "400000").message(t, deadline),
			resolving(messages.Cancel, "L5", "L4").message(t, deadline),
			resolving(messages.Consume, "L6", "L4").message(t, deadline), // refused
			refused.message(t, contract.TradeValidated, "1"),
		},
		Bad: []event.Event{bad(t, contract.TradeValidated), bad(t, contract.TradeRejected), bad(t, contract.LineCheckAuthorized)},
	})
}

func TestTheStepsOfFacts(t *testing.T) {
	t.Parallel()
	reserved, released, unknown := spot{"T1", "C000001", "500000"}, spot{"T2", "C000002", "500000"}, spot{"T3", "C000002", "500000"}
	inboxtest.Exercise(t, inboxtest.Queue[*Batch]{
		Steps:      at(noon, Facts(static{snapshot: snapshot()}, testkit.Log(t))),
		Migrations: store.Migrations,
		Prepare: func(t *testing.T, pool *pgxpool.Pool) {
			t.Helper()
			resolvedByTheDatabase(t, pool)
			handle(t, at(noon, Checks(static{snapshot: snapshot()}, likeTrades())).Handler(pool, "prepare", testkit.Log(t)),
				reserved.message(t, contract.TradeValidated, "1"), released.message(t, contract.TradeValidated, "1"),
				released.message(t, contract.TradeRejected, "1"))
		},
		Events: []event.Event{
			reserved.message(t, contract.TradeRegistered, "1"),
			released.message(t, contract.TradeRegistered, "1"),
			unknown.registered(t, "1"),
		},
		Bad:      []event.Event{bad(t, contract.TradeRegistered)},
		AnyOrder: true,
	})
}

func TestTheStepsOfSettledLegs(t *testing.T) {
	t.Parallel()
	registered, swap := spot{"T1", "C000001", "500000"}, spot{"T4", "C000002", "300000"}
	swapped := message(t, contract.TradeValidated, swap.id(), "1", noon.Add(time.Minute), swap.asSwap())
	inboxtest.Exercise(t, inboxtest.Queue[*Batch]{
		Steps:      at(noon, Settled()),
		Migrations: store.Migrations,
		Prepare: func(t *testing.T, pool *pgxpool.Pool) {
			t.Helper()
			resolvedByTheDatabase(t, pool)
			handle(t, at(noon, all(static{snapshot: snapshot()})).Handler(pool, "prepare", testkit.Log(t)),
				registered.message(t, contract.TradeValidated, "1"), registered.message(t, contract.TradeRegistered, "1"), swapped)
		},
		Events: []event.Event{
			registered.settled(t, 1, "1"),
			swap.settled(t, 1, "1"), // before it is known to be registered
			swap.settled(t, 2, "1"),
		},
		Bad:      []event.Event{bad(t, contract.SettlementSettled), swap.settled(t, 3, "1")},
		AnyOrder: true,
	})
}

// The first job finds reservations that have just lapsed, the second one those that lapsed long ago.
func TestTheStepsOfJobs(t *testing.T) {
	t.Parallel()
	now := time.Now()
	inboxtest.Exercise(t, inboxtest.Queue[*Expiry]{
		Steps:      at(now, Jobs()),
		Migrations: store.Migrations,
		Prepare: func(t *testing.T, pool *pgxpool.Pool) {
			t.Helper()
			resolvedByTheDatabase(t, pool)
			for i, lapse := range []time.Duration{-time.Millisecond, -time.Hour, time.Hour} {
				reserve(t, pool, open{n: i + 2, provider: "ALPHA", kind: line.ForCheck, lapse: now.Add(lapse)})
			}
		},
		Events: []event.Event{due(t, "1", ordinary()), due(t, "2", thorough())},
		Bad:    []event.Event{message(t, contract.JobDue, "bad", "", time.Time{}, json.RawMessage(`{"due":5}`))},
	})
}

func TestTheStepsOfSessions(t *testing.T) {
	t.Parallel()
	now := time.Now()
	until := now.Add(time.Hour)
	inboxtest.Exercise(t, inboxtest.Queue[*Withdrawal]{
		Steps:      at(now, Sessions()),
		Migrations: store.Migrations,
		Prepare: func(t *testing.T, pool *pgxpool.Pool) {
			t.Helper()
			resolvedByTheDatabase(t, pool)
			for _, provider := range []string{"ALPHA", "BETA", "GAMMA"} {
				reserve(t, pool, open{n: 3, provider: provider, kind: line.ForCheck, lapse: until})
			}
		},
		Events: []event.Event{
			sessionEnded(t, "1", "ALPHA", until),
			message(t, contract.ReservationsLeft, "session", "2", time.Time{}, messages.SessionEnded{Provider: "BETA", Until: until, Part: 1}),
		},
		Bad:      []event.Event{message(t, contract.SessionEnded, "bad", "", time.Time{}, json.RawMessage(`{"provider":"GAMMA"}`))},
		AnyOrder: true,
	})
}
