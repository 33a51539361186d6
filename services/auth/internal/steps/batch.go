// Package steps handles the messages of auth's queue: one file for each step. The topology follows from the table of
// steps.
package steps

import (
	"github.com/jackc/pgx/v5"

	"fxcore/lambda/inbox"
	"fxcore/services/auth/internal/authorization"
	"fxcore/services/auth/internal/store"
)

// Static provides the current static data.
type Static interface {
	Directory() authorization.Directory
}

// Batch holds what the requests of one batch share.
type Batch struct {
	directory authorization.Directory // the same for the whole batch
	claims    []store.Claim           // one claim per request of the batch
	firsts    store.Firsts            // the first request of each id
	assumed   []store.Claim           // claims that Store must insert
}

// Requests returns the steps of the queue. A batch decides on the static data that is current when it begins.
func Requests(static Static) inbox.Steps[*Batch] {
	return inbox.Steps[*Batch]{
		Table: requests(),
		Begin: func() *Batch { return &Batch{directory: static.Directory()} },
	}
}

// Load queues the claims of the requests' ids, and the query for the first request of each id. Load writes the claims,
// because the first request of an id must be known before any is decided, even if two replicas handle requests of one
// id at the same moment.
func (s *Batch) Load(b *pgx.Batch) { s.firsts = store.QueueClaims(b, s.claims) }

// Assume treats the earliest request of each id in the batch as the first of its id. If that is wrong, Store fails and
// the batch is handled again with Load.
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

// Store queues the insert of the claims that Assume took as new. The runner stores the answers, in the inbox rows.
func (s *Batch) Store(b *pgx.Batch) { store.QueueNewClaims(b, s.assumed) }
