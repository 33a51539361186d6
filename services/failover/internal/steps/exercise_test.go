package steps_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/services/contract"
	"fxcore/services/failover/internal/plan"
	"fxcore/services/failover/internal/steps"
	"fxcore/services/failover/internal/store"
)

func TestTheStepsOfFacts(t *testing.T) {
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Batch]{
		Steps:      at(now, steps.Facts(rules)),
		Migrations: store.Migrations,
		Prepare:    func(t *testing.T, pool *pgxpool.Pool) { begin(t, replica(t, pool)) },
		Events: []event.Event{ // a move is requested and done, and a drain requests another one
			commanded(t, plan.CommandMove, "A", "fix/2"), told(t, contract.SessionTaken, "fix/2", 2), told(t, contract.SessionLeft, "fix/1", 1),
			commanded(t, plan.CommandMove, "A", "fix/9"), commanded(t, plan.CommandDrain, "", "fix/2"), commanded(t, plan.CommandManual, "", ""),
		},
		Bad: []event.Event{
			made(t, contract.SessionTaken, "fix", "garbled", map[string]any{"provider": "A"}),
			made(t, contract.SessionLeft, "fix", "garbled", map[string]any{"provider": "A"}),
			made(t, contract.FailoverCommanded, contract.Operations, "garbled", map[string]any{"command": "drain"}),
		},
	})
}

func TestTheStepsOfReports(t *testing.T) {
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Batch]{
		Steps:      at(now, steps.Reports(rules)),
		Migrations: store.Migrations,
		Prepare: func(t *testing.T, pool *pgxpool.Pool) {
			h := replica(t, pool)
			begin(t, h)
			handle(t, h, commanded(t, plan.CommandDrain, "", "fix/1"))
		},
		Events: []event.Event{ // the first move is done, and an instance that takes more arrives
			reported(t, "fix/1", 2, nil), reported(t, "fix/2", 2, map[string]int64{"A": 2, "B": 1}),
			reported(t, "fix/3", 1, nil), reported(t, "fix/1", 3, nil),
		},
		Bad: []event.Event{made(t, contract.InstanceReported, "fix", "garbled", map[string]any{"instance": "fix/1"})},
	})
}
