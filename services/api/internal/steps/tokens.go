package steps

import (
	"cmp"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/api/internal/messages"
	"fxcore/services/api/internal/store"
	"fxcore/services/contract"
)

// Tokens holds what one batch tells of tokens. Each message sets its own part of a row, so nothing has to be loaded.
type Tokens struct{ told []written }

// written is one row to write. Its key gives all replicas one order.
type written struct {
	key   string
	queue func(*pgx.Batch)
}

// TokenSteps returns the steps of the queue of tokens.
func TokenSteps() inbox.Steps[*Tokens] {
	return inbox.Steps[*Tokens]{Table: tokens(), Begin: func() *Tokens { return &Tokens{} }}
}

func tokens() inbox.Table[*Tokens] {
	return inbox.Table[*Tokens]{
		contract.TokenIssued: func(_ *Tokens, e event.Event) (inbox.Task[*Tokens], error) {
			i, err := messages.ReadIssued(e)
			return written{"token " + i.TokenHash, func(b *pgx.Batch) { store.QueueIssued(b, i) }}, err
		},
		contract.TokenRefused: func(_ *Tokens, e event.Event) (inbox.Task[*Tokens], error) {
			r, err := messages.ReadTokenRefused(e)
			return written{"token " + r.TokenHash, func(b *pgx.Batch) { store.QueueRefused(b, r) }}, err
		},
		contract.TokenRevoked: func(_ *Tokens, e event.Event) (inbox.Task[*Tokens], error) {
			r, err := messages.ReadRevoked(e)
			return written{"token " + r.TokenHash + " user " + r.User, func(b *pgx.Batch) { store.QueueRevoked(b, r) }}, err
		},
	}
}

// Load loads nothing.
func (s *Tokens) Load(*pgx.Batch) {}

// Store writes what was told.
func (s *Tokens) Store(b *pgx.Batch) {
	slices.SortStableFunc(s.told, func(a, b written) int { return cmp.Compare(a.key, b.key) })
	for _, w := range s.told {
		w.queue(b)
	}
}

// Want wants nothing.
func (w written) Want(*Tokens) {}

// Decide notes the row. It emits nothing.
func (w written) Decide(s *Tokens, _ time.Time, _ event.Event) ([]event.Event, error) {
	s.told = append(s.told, w)
	return nil, nil
}
