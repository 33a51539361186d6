package steps

import (
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

// Bounds of one job.
const (
	expiredPerMessage = 200              // reservations that one message expires: a transaction of a few milliseconds
	maxExpiryParts    = 50               // messages that one due second may lead to; what is left is the next second's
	lookBack          = 30 * time.Second // how far an ordinary run looks back; the one on the full minute looks back to the beginning
)

// Expiry is what the due jobs of one batch share: together they expire one portion of lapsed reservations. A job that comes
// twice or late finds nothing left to do.
type Expiry struct {
	book   *line.Book
	wanted bool      // a job asks for it
	since  time.Time // how far back the jobs look
	done   bool
}

// Jobs are the steps of the queue of that name.
func Jobs() inbox.Steps[*Expiry] {
	return stepsOf(jobs(), func() *Expiry { return &Expiry{book: line.NewBook()} })
}

// Load locks the nodes of lapsed reservations.
func (s *Expiry) Load(b *pgx.Batch) {
	if s.wanted {
		store.QueueLapsed(b, s.since, expiredPerMessage, s.book)
	}
}

// Store writes what has changed in the book.
func (s *Expiry) Store(b *pgx.Batch) { store.QueueSave(b, s.book) }

// expire is the step of job.due: it ends reservations that nobody has resolved in time, so that they give their lines back.
type expire struct{ job messages.Job }

func readJob(_ *Expiry, e event.Event) (inbox.Task[*Expiry], error) {
	var job messages.Job
	if err := e.Read(&job); err != nil {
		return nil, err
	}
	if job.Job != messages.ExpireReservations {
		return nothing[*Expiry]{}, nil
	}
	return expire{job}, nil
}

// Want asks for the reservations that have lapsed since the job looks back.
func (x expire) Want(s *Expiry) {
	if from := x.lookFrom(); !s.wanted || from.Before(s.since) {
		s.since = from
	}
	s.wanted = true
}

// lookFrom bounds how much of the index a run reads: resolved reservations linger in it for a while.
func (x expire) lookFrom() time.Time {
	if x.job.Due.Second() == 0 {
		return time.Time{}
	}
	return x.job.Due.Add(-lookBack)
}

// Decide expires what was loaded. If that was all that one message may do, the rest is left to a further message.
func (x expire) Decide(s *Expiry, now time.Time, e event.Event) ([]event.Event, error) {
	if s.done {
		return nil, nil
	}
	s.done = true
	if s.book.ExpireDue(now) < expiredPerMessage || x.job.Part+1 >= maxExpiryParts {
		return nil, nil
	}
	rest := x.job
	rest.Part++
	return contract.One(e.Next(contract.JobDue, rest))
}
