// Package steps is what auth does with the messages of its queue: one file for each step, and the topology that follows from
// the table of steps.
package steps

import (
	"github.com/jackc/pgx/v5"

	"fxcore/lambda/inbox"
	"fxcore/services/auth/internal/authorization"
	"fxcore/services/auth/internal/store"
)

// Static hands out the static data as it is now.
type Static interface {
	Directory() authorization.Directory
}

// Batch is what the requests of one batch share.
type Batch struct {
	directory authorization.Directory // the same for the whole batch
	claims    []store.Claim           // that the batch makes
	firsts    store.Firsts            // who came first, by the request's id
	assumed   []store.Claim           // claims that Store is to make
}

// Requests are the steps of the queue auth. They decide on the static data as it is when a batch begins.
func Requests(static Static) inbox.Steps[*Batch] {
	return inbox.Steps[*Batch]{
		Table: requests(),
		Begin: func() *Batch { return &Batch{directory: static.Directory()} },
	}
}

// Load claims the ids of the requests. Whether a request came first must be settled before it is decided, also between two
// replicas that get two events of one id at the same moment, so Load writes the claims.
func (s *Batch) Load(b *pgx.Batch) { s.firsts = store.QueueClaims(b, s.claims) }

// Assume takes each request for the first of its id, the earliest of those in the batch. Store then makes the claims; it
// fails where a claim was made before.
func (s *Batch) Assume() bool {
	s.firsts = make(store.Firsts, len(s.claims))
	for _, c := range s.claims {
		if _, known := s.firsts[c.ID]; !known {
			s.firsts[c.ID] = store.First{Event: c.Event, Digest: c.Digest}
			s.assumed = append(s.assumed, c)
		}
	}
	return true
}

// Store makes the claims that Assume took for granted. The answers lie in the inbox rows.
func (s *Batch) Store(b *pgx.Batch) { store.QueueNewClaims(b, s.assumed) }
