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

// The bounds of one job.
const (
	expiredPerMessage = 200              // reservations that one message expires: a transaction of a few milliseconds
	maxExpiryParts    = 50               // messages that one due second may cause; the next second continues
	lookBack          = 30 * time.Second // how far a run looks back; a thorough run looks at all open reservations
)

// Expiry holds what the due jobs of one batch share. Together they expire one portion of lapsed reservations. A job
// that comes twice or late finds nothing left to do.
type Expiry struct {
	book   *line.Book
	now    time.Time // the batch's, or a job's due time if that is later
	wanted bool      // whether a job in the batch expires reservations
	since  time.Time // the earliest expiry that the jobs look at
	done   bool
}

// Jobs returns the steps of the queue of jobs.
func Jobs() inbox.Steps[*Expiry] {
	s := stepsOf(jobs(), func() *Expiry { return &Expiry{book: line.NewBook()} })
	s.Ours = isExpiry
	return s
}

// isExpiry tells whether an event is the expiry's, and not a part of a job that another queue brings.
func isExpiry(e event.Event) bool {
	var job messages.Job
	return e.Read(&job) != nil || job.Job == messages.ExpireReservations
}

// At notes the batch's time.
func (s *Expiry) At(now time.Time) { s.now = now }

// Load queues the statements that lock the nodes of lapsed reservations and load these.
func (s *Expiry) Load(b *pgx.Batch) {
	if s.wanted {
		store.QueueLapsed(b, store.Lapsed{After: s.since, Until: s.now, Limit: expiredPerMessage}, s.book)
	}
}

// Store queues the writes of all changes in the book.
func (s *Expiry) Store(b *pgx.Batch) { store.QueueSave(b, s.book) }

// expire is the step of job.due: it expires open reservations that have reached their expiry, so that their lines
// become free.
type expire struct{ job messages.Job }

func readJob(_ *Expiry, e event.Event) (inbox.Task[*Expiry], error) {
	var job messages.Job
	err := e.Read(&job)
	return expire{job}, err
}

// Want asks for the reservations that have lapsed since lookFrom. A jump of the bank's clock reaches the replicas one after
// the other, so the job's due time counts where it is later than this replica's time.
func (x expire) Want(s *Expiry) {
	if x.job.Due.After(s.now) {
		s.now = x.job.Due
	}
	if from := x.lookFrom(); !s.wanted || from.Before(s.since) {
		s.since = from
	}
	s.wanted = true
}

// lookFrom returns the earliest expiry that the run looks at. The bound keeps the run short, because resolved
// reservations stay in the index until it is vacuumed.
func (x expire) lookFrom() time.Time {
	if x.job.Thorough {
		return time.Time{}
	}
	return x.job.Due.Add(-lookBack)
}

// Decide expires the loaded reservations. If there may be more than one message may expire, it emits job.due for the
// rest.
func (x expire) Decide(s *Expiry, _ time.Time, e event.Event) ([]event.Event, error) {
	if s.done {
		return nil, nil
	}
	s.done = true
	if s.book.ExpireDue(s.now) < expiredPerMessage || x.job.Part+1 >= maxExpiryParts {
		return nil, nil
	}
	rest := x.job
	rest.Part++
	return contract.One(e.Next(contract.JobDue, rest))
}
