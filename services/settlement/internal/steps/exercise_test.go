package steps_test

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/services/contract"
	"fxcore/services/jobs/jobstest"
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

func TestTheStepsOfBookedTrades(t *testing.T) {
	booked := func(number string, version int) event.Event {
		return told(t, contract.TradeBooked, number, messages.Booked{TradeID: spot(number, "C000001", "1", "1").id(), Version: version})
	}
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Batch]{
		Steps:      steps.BookingSteps(static),
		Migrations: store.Migrations,
		Events:     []event.Event{booked("1", 1), booked("2", 1), booked("3", 2)},
		Bad:        []event.Event{booked("4", -1)},
		AnyOrder:   true,
	})
}

func TestTheStepsOfMovements(t *testing.T) {
	requests := map[string]event.Event{}
	prepare := func(t *testing.T, pool *pgxpool.Pool) {
		c := &core{T: t, pool: pool, clock: morning}
		c.withJobs()
		defer c.forgetRuns()
		c.register(spot("1", "C000001", "100", "111.72"), spot("2", "C000003", "-50", "56"), spot("3", "C000004", "1", "1"))
		for _, r := range c.run(steps.ExecuteDue) {
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

// 250 legs are three parts.
func TestTheJobThatExecutes(t *testing.T) {
	jobstest.Exercise(t, jobstest.Job{
		Set: steps.Jobs(static, partSize, nil), Name: steps.ExecuteDue, Due: morning, Migrations: store.Migrations,
		Prepare: func(t *testing.T, pool *pgxpool.Pool) {
			var all []trade
			for i := range 250 {
				all = append(all, spot(fmt.Sprint(i), fmt.Sprintf("C00000%d", 1+i%3), "100", "111.72"))
			}
			(&core{T: t, pool: pool, clock: morning}).register(all...)
		},
	})
}

func TestTheJobThatWatchesCutOffs(t *testing.T) {
	jobstest.Exercise(t, jobstest.Job{
		Set: steps.Jobs(static, partSize, nil), Name: steps.WatchCutOffs, Due: morning.AddDate(0, 0, 1), Migrations: store.Migrations,
		Prepare: func(t *testing.T, pool *pgxpool.Pool) {
			c := &core{T: t, pool: pool, clock: morning}
			var all []trade
			for i := range 250 {
				all = append(all, spot(fmt.Sprint(i), "C000001", "100", "111.72"))
			}
			c.register(all...)
			c.run(steps.ExecuteDue)
			c.forgetRuns()
		},
	})
}
