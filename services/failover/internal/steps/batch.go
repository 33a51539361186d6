// Package steps is what failover does with the messages of its queues: one file for each step, and the topology that follows
// from the tables of steps. Reports, facts and commands come in, requested moves go out.
//
// The reports are the plan's clock. Every living instance reports once a second. Moves that become due as time passes are
// requested at the next report.
package steps

import (
	"github.com/jackc/pgx/v5"

	"fxcore/lambda/inbox"
	"fxcore/services/failover/internal/plan"
	"fxcore/services/failover/internal/store"
)

// Batch is the plan, which the events of one batch share. It locks the plan, so the batches of both queues and of all
// replicas are handled one after the other.
type Batch struct {
	plan  *plan.State
	rules plan.Rules
}

// Facts are the steps of [FactsQueue].
func Facts(rules plan.Rules) inbox.Steps[*Batch] { return stepsOf(facts(), rules) }

// Reports are the steps of [ReportsQueue].
func Reports(rules plan.Rules) inbox.Steps[*Batch] { return stepsOf(reports(), rules) }

func stepsOf(table inbox.Table[*Batch], rules plan.Rules) inbox.Steps[*Batch] {
	return inbox.Steps[*Batch]{
		Table: table,
		Begin: func() *Batch { return &Batch{plan: plan.NewState(), rules: rules} },
	}
}

// Load locks the plan and reads all of it: it is a few rows.
func (s *Batch) Load(b *pgx.Batch) { store.QueueLoad(b, s.plan) }

// Store writes what has changed in the plan.
func (s *Batch) Store(b *pgx.Batch) { store.QueueSave(b, s.plan) }
