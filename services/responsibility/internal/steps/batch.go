// Package steps is what responsibility does with the messages of its queue: one file for each step, and the topology that
// follows from the table of steps.
package steps

import (
	"github.com/jackc/pgx/v5"

	"fxcore/lambda/inbox"
	"fxcore/services/responsibility/internal/assignment"
	"fxcore/services/responsibility/internal/store"
)

// Desks hands out the desks as they are now, by id.
type Desks interface {
	Desks() map[string]assignment.Desk
}

// Batch is what the trades of one batch share.
type Batch struct {
	desks  map[string]assignment.Desk // the same for the whole batch
	wanted []string                   // ids of trades
	known  store.Assignments          // made before, or in this batch
	made   store.Assignments          // in this batch
}

// Registered are the steps of the queue of that name. They choose among the desks as they are when a batch begins.
func Registered(static Desks) inbox.Steps[*Batch] {
	return inbox.Steps[*Batch]{
		Table: registered(),
		Begin: func() *Batch {
			return &Batch{desks: static.Desks(), known: store.Assignments{}, made: store.Assignments{}}
		},
	}
}

// Load finds who answers for the trades already.
func (s *Batch) Load(b *pgx.Batch) { s.known = store.QueueSelect(b, s.wanted) }

// Assume takes it that nobody answers for the trades yet. Store fails for a trade that has an assignment.
func (s *Batch) Assume() bool { return true }

// Store writes the assignments that were made.
func (s *Batch) Store(b *pgx.Batch) { store.QueueInsert(b, s.made) }
