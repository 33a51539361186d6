// Package steps is what linecheck does with the messages of its queues: one file for each step, and the topology that follows
// from the tables of steps. The check itself is [line.Book.Check].
package steps

import (
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

// Static hands out the static data as it is now, or a [*line.MissingError] while it cannot be decided on.
type Static interface {
	Snapshot() (*directory.Snapshot, error)
}

// Batch is what the trades and line checks of one batch share. The batches of the other queues are [Expiry] and [Withdrawal];
// each has its own way to lock nodes, and one only: a second round of locks would break the order of package store.
type Batch struct {
	static *directory.Snapshot // one picture for the whole batch; nil if there is none
	fault  error               // why there is none
	wanted store.Wanted
	book   *line.Book
	swept  bool // lapsed reservations have been expired
}

// Checks are the steps of the queue of that name. They decide on the static data as it is when a batch begins.
func Checks(static Static) inbox.Steps[*Batch] { return stepsOf(checks(), begin(static)) }

// Facts are the steps of the queue of that name. A fact is taken whether or not there is static data.
func Facts(static Static) inbox.Steps[*Batch] { return stepsOf(facts(), begin(static)) }

func begin(static Static) func() *Batch {
	return func() *Batch {
		s := &Batch{book: line.NewBook()}
		s.static, s.fault = static.Snapshot()
		return s
	}
}

// Load locks the lines that the batch concerns, and reads what they carry.
func (s *Batch) Load(b *pgx.Batch) { store.QueueLoad(b, s.wanted, s.book) }

// Store writes what has changed in the book.
func (s *Batch) Store(b *pgx.Batch) { store.QueueSave(b, s.book) }

// expireLapsed frees, once for the batch, what lapsed reservations still hold of the lines that are about to be checked.
func (s *Batch) expireLapsed(now time.Time) {
	if !s.swept {
		s.swept = true
		s.book.ExpireDue(now)
	}
}

// path is where the client stands: as authorisation found it, so that one trade is one client's everywhere, else as
// static data has it.
func (s *Batch) path(client string, terms messages.Terms) (line.Path, error) {
	p := line.Path{Group: terms.ClientGroup, Desk: terms.Desk, Client: client}
	if p.Client == "" {
		return p, errors.New("no client")
	}
	if s.static != nil && p.Group == "" && p.Desk == "" {
		c := s.static.Clients[client]
		p.Group, p.Desk = c.Group, c.Desk
	}
	return p, nil
}

// nothing is the task of a message that concerns no line.
type nothing[S inbox.Batch] struct{}

func (nothing[S]) Want(S) {}

func (nothing[S]) Decide(S, time.Time, event.Event) ([]event.Event, error) { return nil, nil }
