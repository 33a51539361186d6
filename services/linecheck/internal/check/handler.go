// Package check turns messages into steps of the book of lines, and what comes of them into messages. The check itself is
// [line.Book.Check].
package check

import (
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/store"
)

// Static hands out the static data as it is now, or a [*line.MissingError] while it can not be decided on.
type Static interface {
	Snapshot() (*directory.Snapshot, error)
}

// Handler is the inbox handler of the queue linecheck.
type Handler struct{ static Static }

// New makes a handler that decides on static.
func New(static Static) *Handler { return &Handler{static} }

// Batch is what one batch of messages is decided on.
type Batch struct {
	static *directory.Snapshot // one picture for the whole batch; nil if there is none
	fault  error               // why there is none
	book   *line.Book
	tasks  map[string]task // by event id
	swept  bool            // lapsed reservations have been expired
}

// task is one message, read: what it needs and what it does.
type task interface {
	wants(w *store.Wanted)
	decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error)
}

// Load reads each message once, values what it asks for, and locks the lines that it concerns. All that can be computed
// without the locks is computed here, before the transaction has begun.
func (h *Handler) Load(b *pgx.Batch, events []event.Event) *Batch {
	s := &Batch{book: line.NewBook(), tasks: make(map[string]task, len(events))}
	s.static, s.fault = h.static.Snapshot()
	var w store.Wanted
	for _, e := range events {
		t, err := s.read(e)
		if err != nil {
			t = unreadable{err}
		}
		s.tasks[e.ID] = t
		t.wants(&w)
	}
	store.QueueLoad(b, w, s.book)
	return s
}

// Decide takes one message's step. Its error means that the message can never be handled, or, if it says so, not now.
func (h *Handler) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	emitted, err := s.tasks[e.ID].decide(s, now, e)
	if errors.Is(err, line.ErrNotLoaded) { // a reservation appeared between two statements: the next load finds it
		return nil, amqp.Retry(err)
	}
	return emitted, err
}

// Store writes what has changed in the book.
func (h *Handler) Store(b *pgx.Batch, s *Batch) { store.QueueSave(b, s.book) }

// unreadable is a message that can never be handled.
type unreadable struct{ err error }

func (u unreadable) wants(*store.Wanted) {}

func (u unreadable) decide(*Batch, time.Time, event.Event) ([]event.Event, error) { return nil, u.err }
