package signin

import (
	"cmp"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
)

// Batch holds what one batch tells of tokens. Each message sets its own part of a row, so nothing has to be loaded.
type Batch struct{ told []written }

// written is one row to write. Its key gives all replicas one order.
type written struct {
	key   string
	queue func(*pgx.Batch)
}

// Steps returns the steps of the queue of tokens.
func Steps() inbox.Steps[*Batch] {
	return inbox.Steps[*Batch]{Table: table(), Begin: func() *Batch { return &Batch{} }}
}

func table() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.TokenIssued: func(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
			i, err := readIssued(e)
			return written{"token " + i.TokenHash, func(b *pgx.Batch) { queueIssued(b, i) }}, err
		},
		contract.TokenRefused: func(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
			r, err := readRefused(e)
			return written{"token " + r.TokenHash, func(b *pgx.Batch) { queueRefused(b, r) }}, err
		},
		contract.TokenRevoked: func(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
			r, err := readRevoked(e)
			return written{"token " + r.TokenHash + " user " + r.User, func(b *pgx.Batch) { queueRevoked(b, r) }}, err
		},
	}
}

// Load loads nothing.
func (s *Batch) Load(*pgx.Batch) {}

// Store writes what was told.
func (s *Batch) Store(b *pgx.Batch) {
	slices.SortStableFunc(s.told, func(a, b written) int { return cmp.Compare(a.key, b.key) })
	for _, w := range s.told {
		w.queue(b)
	}
}

// Want wants nothing.
func (w written) Want(*Batch) {}

// Decide notes the row. It emits nothing.
func (w written) Decide(s *Batch, _ time.Time, _ event.Event) ([]event.Event, error) {
	s.told = append(s.told, w)
	return nil, nil
}
