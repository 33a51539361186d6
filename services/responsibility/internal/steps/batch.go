// Package steps handles the messages of responsibility's queue: one file for each step. The topology follows from the
// table of steps.
package steps

import (
	"github.com/jackc/pgx/v5"

	"fxcore/lambda/inbox"
	"fxcore/services/responsibility/internal/assignment"
	"fxcore/services/responsibility/internal/store"
)

// Desks provides the current desks by id.
type Desks interface {
	Desks() map[string]assignment.Desk
}

// Batch holds what the trades of one batch share.
type Batch struct {
	desks  map[string]assignment.Desk // the same for the whole batch
	wanted []string                   // ids of trades
	known  store.Assignments          // assignments made before or in this batch
	made   store.Assignments          // assignments made in this batch
}

// Registered returns the steps of the queue of registered trades. A batch uses the desks that are current when it
// begins.
func Registered(static Desks) inbox.Steps[*Batch] {
	return inbox.Steps[*Batch]{
		Table: registered(),
		Begin: func() *Batch {
			return &Batch{desks: static.Desks(), known: store.Assignments{}, made: store.Assignments{}}
		},
	}
}

// Load queues the query for the assignments that the trades have already.
func (s *Batch) Load(b *pgx.Batch) { s.known = store.QueueSelect(b, s.wanted) }

// Assume treats every trade as not yet assigned. If that is wrong, Store fails and the batch is handled again with
// Load.
func (s *Batch) Assume() bool { return true }

// Store queues the insert of the new assignments.
func (s *Batch) Store(b *pgx.Batch) { store.QueueInsert(b, s.made) }
