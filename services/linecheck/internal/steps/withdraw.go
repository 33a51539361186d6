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

// The bounds of one message.
const (
	withdrawnPerMessage = 200 // reservations that one message withdraws: a transaction of a few milliseconds
	maxWithdrawalParts  = 500 // messages that one ended session may cause; the remaining reservations expire
)

// Withdrawal holds what the ended sessions of one batch share. A message that comes twice or late finds nothing left to
// do.
type Withdrawal struct {
	book *line.Book
	gone []store.Left
	full bool // whether there may be more reservations than were loaded
}

// Sessions returns the steps of the queue of ended sessions.
func Sessions() inbox.Steps[*Withdrawal] {
	return stepsOf(sessions(), func() *Withdrawal { return &Withdrawal{book: line.NewBook()} })
}

// Load queues the statements that lock the nodes of the absent providers' reservations and load these.
func (s *Withdrawal) Load(b *pgx.Batch) {
	if len(s.gone) > 0 {
		store.QueueLeft(b, s.gone, withdrawnPerMessage, s.book)
	}
}

// Store queues the writes of all changes in the book.
func (s *Withdrawal) Store(b *pgx.Batch) { store.QueueSave(b, s.book) }

// withdraw is the step of session.ended, and of reservations.left for the rest. It withdraws the open reservations that
// an absent provider made by line checks.
type withdraw struct{ ended messages.SessionEnded }

func readEnded(_ *Withdrawal, e event.Event) (inbox.Task[*Withdrawal], error) {
	ended, err := messages.ReadSessionEnded(e)
	return withdraw{ended}, err
}

// Want asks for the reservations of the absent provider.
func (w withdraw) Want(s *Withdrawal) {
	s.gone = append(s.gone, store.Left{Provider: w.ended.Provider, Until: w.ended.Until})
}

// Decide withdraws the provider's loaded reservations. If there may be more, it emits reservations.left for the rest.
func (w withdraw) Decide(s *Withdrawal, _ time.Time, e event.Event) ([]event.Event, error) {
	s.full = s.full || s.book.Loaded() >= withdrawnPerMessage
	s.book.Withdraw(w.ended.Provider)
	if !s.full || w.ended.Part+1 >= maxWithdrawalParts {
		return nil, nil
	}
	rest := w.ended
	rest.Part++
	return contract.One(e.Next(contract.ReservationsLeft, rest))
}
