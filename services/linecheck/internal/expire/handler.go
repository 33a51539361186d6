// Package expire ends reservations that nobody has resolved in time, so that they give their lines back.
package expire

import (
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

// Bounds of one job.
const (
	perMessage = 200              // reservations that one message expires: a transaction of a few milliseconds
	maxParts   = 50               // messages that one due second may lead to; what is left is the next second's
	lookBack   = 30 * time.Second // how far an ordinary run looks back; the one on the full minute looks back to the beginning
)

// Handler is the inbox handler of the queue linecheck.jobs. It keeps the lock order of package store, so it never waits in
// a circle with checks. Doubled or late, it finds nothing left to do.
type Handler struct{}

// Batch is what one batch of due jobs works on.
type Batch struct {
	book    *line.Book
	jobs    map[string]messages.Job // by event id
	faults  map[string]error
	limit   int
	expired int
	done    bool
}

// Load locks the nodes of lapsed reservations, once for the whole batch: two rounds of locks would break the order.
func (Handler) Load(b *pgx.Batch, events []event.Event) *Batch {
	s := &Batch{book: line.NewBook(), jobs: map[string]messages.Job{}, faults: map[string]error{}}
	var since time.Time
	for _, e := range events {
		var job messages.Job
		if err := e.Read(&job); err != nil {
			s.faults[e.ID] = err
			continue
		}
		s.jobs[e.ID] = job
		if job.Job != messages.ExpireReservations {
			continue
		}
		if from := lookFrom(job); s.limit == 0 || from.Before(since) {
			since = from
		}
		s.limit = perMessage
	}
	if s.limit > 0 {
		store.QueueLapsed(b, since, s.limit, s.book)
	}
	return s
}

// lookFrom bounds how much of the index a run reads: resolved reservations linger in it for a while.
func lookFrom(job messages.Job) time.Time {
	if job.Due.Second() == 0 {
		return time.Time{}
	}
	return job.Due.Add(-lookBack)
}

// Decide expires what was loaded. If that was all that one message may do, the rest is left to a further message.
func (Handler) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	if err := s.faults[e.ID]; err != nil {
		return nil, err
	}
	job := s.jobs[e.ID]
	if job.Job != messages.ExpireReservations || s.done {
		return nil, nil
	}
	s.done = true
	s.expired = s.book.ExpireDue(now)
	if s.expired < s.limit || job.Part+1 >= maxParts {
		return nil, nil
	}
	job.Part++
	next, err := e.Next(messages.JobDue, job)
	if err != nil {
		return nil, fmt.Errorf("continue job %s: %w", job.Job, err)
	}
	return []event.Event{next}, nil
}

// Store writes what has changed in the book.
func (Handler) Store(b *pgx.Batch, s *Batch) { store.QueueSave(b, s.book) }
