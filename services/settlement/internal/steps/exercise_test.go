package steps_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/services/contract"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/steps"
	"fxcore/services/settlement/internal/store"
)

func TestTheStepsOfRegisteredTrades(t *testing.T) {
	bad := spot("bad", "C000001", "0", "1").registered(t)
	again := spot("1", "C000001", "100", "111.72").registered(t)
	again.ID = event.ChildID(again.ID, "again")
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Batch]{
		Steps:      steps.Trades(static),
		Migrations: store.Migrations,
		Events: []event.Event{
			spot("1", "C000001", "100", "111.72").registered(t), spot("2", "C000002", "-50", "56").registered(t), again,
		},
		Bad:      []event.Event{bad},
		AnyOrder: true,
	})
}

func TestTheStepsOfMovements(t *testing.T) {
	requests := map[string]event.Event{}
	prepare := func(t *testing.T, pool *pgxpool.Pool) {
		c := &core{T: t, pool: pool, clock: morning}
		c.register(spot("1", "C000001", "100", "111.72"), spot("2", "C000003", "-50", "56"), spot("3", "C000004", "1", "1"))
		for _, r := range c.run(messages.ExecuteDue) {
			requests[requestOf(t, r).Client] = r
		}
	}
	prepare(t, newCore(t).pool) // the ids are the same in every schema
	unknown := told(t, contract.MovementMade, "unknown", messages.MovementMade{
		MovementID: spot("9", "C000001", "1", "1").id(), Reference: "M9", MovedAt: morning,
	})
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Batch]{
		Steps:      steps.Movements(static),
		Migrations: store.Migrations,
		Prepare:    prepare,
		Events: []event.Event{
			madeOf(t, requests["C000001"], "M1", morning), refusedOf(t, requests["C000003"], "NOFUNDS"), madeOf(t, requests["C000004"], "M2", morning),
		},
		Bad: []event.Event{unknown},
	})
}

func TestTheStepsOfJobs(t *testing.T) {
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Batch]{
		Steps:      steps.Jobs(static),
		Migrations: store.Migrations,
		Prepare: func(t *testing.T, pool *pgxpool.Pool) {
			(&core{T: t, pool: pool, clock: morning}).register(spot("1", "C000001", "100", "111.72"), spot("2", "C000002", "-50", "56"))
		},
		Events: []event.Event{dueAt(t, messages.ExecuteDue, morning)},
	})
}
