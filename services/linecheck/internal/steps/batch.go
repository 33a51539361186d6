// Package steps handles the messages of linecheck's queues: one file for each step. The topology follows from the
// tables of steps. The check itself is [line.Book.Check].
package steps

import (
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

// Static provides the current static data, or a [*line.MissingError] if data is missing or too old; beside the error it may
// provide what there is.
type Static interface {
	Snapshot() (*directory.Snapshot, error)
}

// Dating is what the dates of a line check depend on besides its pair; the same as for trades.
type Dating struct {
	Rollover fxdate.Rollover
	Longest  fxdate.Tenor
}

// Batch holds what the trades and line checks of one batch share. The batches of the other queues are [Expiry] and
// [Withdrawal]. Each batch locks its nodes in one statement; a second statement would break the lock order of package
// store.
type Batch struct {
	dating Dating
	static *directory.Snapshot // one snapshot for the whole batch, to decide on; nil if there is none
	fault  error               // why there is no snapshot
	held   *directory.Snapshot // static, or what there is without it: measures a trade that is done; may be nil
	wanted store.Wanted
	book   *line.Book
	frees  bool         // a batch of settled legs, whose book counts changes
	swept  bool         // whether expireLapsed has run
	log    *slog.Logger // of a batch of facts
}

// Checks returns the steps of the queue of checks. A batch decides on the static data that is current when it begins.
func Checks(static Static, d Dating) inbox.Steps[*Batch] { return stepsOf(checks(), begin(static, d)) }

// Facts returns the steps of the queue of facts. A fact is recorded even if there is no static data. A trade that linecheck has
// flagged is logged when it is registered; it is logged again if its batch has to be repeated.
func Facts(static Static, log *slog.Logger) inbox.Steps[*Batch] {
	fresh := begin(static, Dating{})
	return stepsOf(facts(), func() *Batch {
		s := fresh()
		s.log = log
		return s
	})
}

// Settled returns the steps of the queue of settled legs. They need no static data. They check no line, so they lock the nodes, which line
// checks need, only while they store. They need no inbox rows: the reservation, which is kept for good, says which of its legs are settled.
func Settled() inbox.Steps[*Batch] { return freeing(settled()) }

// Deleted returns the steps of the queue of deleted trades. They lock as those of [Settled] do, and need no inbox rows either: a deleted
// reservation stays deleted.
func Deleted() inbox.Steps[*Batch] { return freeing(deleted()) }

func freeing(table inbox.Table[*Batch]) inbox.Steps[*Batch] {
	steps := stepsOf(table, func() *Batch { return &Batch{book: line.NewBook(), frees: true} })
	steps.Idempotent = true
	return steps
}

func begin(static Static, d Dating) func() *Batch {
	return func() *Batch {
		s := &Batch{dating: d, book: line.NewBook()}
		if s.held, s.fault = static.Snapshot(); s.fault == nil {
			s.static = s.held
		}
		return s
	}
}

// At notes the batch's time.
func (s *Batch) At(now time.Time) { s.wanted.Now = now }

// Load queues the statements that lock the lines of the batch and load their usage.
func (s *Batch) Load(b *pgx.Batch) {
	if s.frees {
		store.QueueSettling(b, s.wanted.Trades, s.book)
		return
	}
	store.QueueLoad(b, s.wanted, s.book)
}

// Store queues the writes of all changes in the book.
func (s *Batch) Store(b *pgx.Batch) {
	if s.frees {
		store.QueueFreed(b, s.book)
		return
	}
	store.QueueSave(b, s.book)
}

// known asks for a reservation that a request names. It skips what is not an id, because Postgres would refuse the batch.
func (s *Batch) known(id string) {
	if contract.IsID(id) {
		s.wanted.Known = append(s.wanted.Known, id)
	}
}

// expireLapsed expires the loaded lapsed reservations, once per batch, so that they do not use the lines that are
// checked next.
func (s *Batch) expireLapsed(now time.Time) {
	if !s.swept {
		s.swept = true
		s.book.ExpireDue(now)
	}
}

// path returns the client's path. It uses the group and desk that auth found, so that all services use the same ones for
// a trade. If auth named neither, it uses static data; without static data the path has neither. The dealer is empty where a
// provider or a system asks. Error: the client is missing.
func (s *Batch) path(client, dealer string, terms messages.Terms) (line.Path, error) {
	p := line.Path{Group: terms.ClientGroup, Desk: terms.Desk, Dealer: dealer, Client: client}
	if p.Client == "" {
		return p, errors.New("no client")
	}
	if s.static != nil && p.Group == "" && p.Desk == "" {
		c := s.static.Clients[client]
		p.Group, p.Desk = c.Group, c.Desk
	}
	return p, nil
}

// nothing is the task of a message that affects no line.
type nothing[S inbox.Batch] struct{}

func (nothing[S]) Want(S) {}

func (nothing[S]) Decide(S, time.Time, event.Event) ([]event.Event, error) { return nil, nil }
