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

// Bounds of one message.
const (
	withdrawnPerMessage = 200 // reservations: a transaction of a few milliseconds
	maxWithdrawalParts  = 500 // messages that one end of a session may lead to; what is left then expires
)

// Withdrawal is what the ended sessions of one batch share. A message that comes twice or late finds nothing left to do.
type Withdrawal struct {
	book *line.Book
	gone []store.Left
	full bool // there may be more than was loaded
}

// Sessions are the steps of the queue of that name.
func Sessions() inbox.Steps[*Withdrawal] {
	return stepsOf(sessions(), func() *Withdrawal { return &Withdrawal{book: line.NewBook()} })
}

// Load locks the nodes of what the providers have left.
func (s *Withdrawal) Load(b *pgx.Batch) {
	if len(s.gone) > 0 {
		store.QueueLeft(b, s.gone, withdrawnPerMessage, s.book)
	}
}

// Store writes what has changed in the book.
func (s *Withdrawal) Store(b *pgx.Batch) { store.QueueSave(b, s.book) }

// withdraw is the step of session.ended, and of reservations.left, which goes on with the rest: it takes back what a provider
// had reserved and not used when it stayed away.
type withdraw struct{ ended messages.SessionEnded }

func readEnded(_ *Withdrawal, e event.Event) (inbox.Task[*Withdrawal], error) {
	ended, err := messages.ReadSessionEnded(e)
	return withdraw{ended}, err
}

// Want asks for what the provider has left.
func (w withdraw) Want(s *Withdrawal) {
	s.gone = append(s.gone, store.Left{Provider: w.ended.Provider, Until: w.ended.Until})
}

// Decide withdraws what was loaded of the provider. If that was all that one message may do, the rest is left to a further
// message.
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
