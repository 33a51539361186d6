// Package withdraw takes back what providers had reserved and not used when they stayed away.
package withdraw

import (
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

// Bounds of one message.
const (
	perMessage = 200 // reservations: a transaction of a few milliseconds
	maxParts   = 500 // messages that one end of a session may lead to; what is left then expires
)

// Handler is the inbox handler of the queue linecheck.sessions. It keeps the lock order of package store, so it never waits
// in a circle with checks. Doubled or late, it finds nothing left to do.
type Handler struct{}

// Batch is what one batch of ended sessions works on.
type Batch struct {
	book   *line.Book
	ended  map[string]messages.SessionEnded // by event id
	faults map[string]error
	full   bool // there may be more than was loaded
}

// Load locks the nodes of what the providers have left, once for the whole batch: two rounds of locks would break the order.
func (Handler) Load(b *pgx.Batch, events []event.Event) *Batch {
	s := &Batch{book: line.NewBook(), ended: map[string]messages.SessionEnded{}, faults: map[string]error{}}
	var gone []store.Left
	for _, e := range events {
		ended, err := messages.ReadSessionEnded(e)
		if err != nil {
			s.faults[e.ID] = err
			continue
		}
		s.ended[e.ID] = ended
		gone = append(gone, store.Left{Provider: ended.Provider, Until: ended.Until})
	}
	if len(gone) > 0 {
		store.QueueLeft(b, gone, perMessage, s.book)
	}
	return s
}

// Decide withdraws what was loaded of the provider. If that was all that one message may do, the rest is left to a further
// message.
func (Handler) Decide(s *Batch, _ time.Time, e event.Event) ([]event.Event, error) {
	if err := s.faults[e.ID]; err != nil {
		return nil, err
	}
	ended := s.ended[e.ID]
	s.full = s.full || s.book.Loaded() >= perMessage
	s.book.Withdraw(ended.Provider)
	if !s.full || ended.Part+1 >= maxParts {
		return nil, nil
	}
	ended.Part++
	next, err := e.Next(messages.ProviderLeft, ended)
	if err != nil {
		return nil, fmt.Errorf("continue with what %s has left: %w", ended.Provider, err)
	}
	return []event.Event{next}, nil
}

// Store writes what has changed in the book.
func (Handler) Store(b *pgx.Batch, s *Batch) { store.QueueSave(b, s.book) }
