// Package seat has a provider's place at one instance of a gateway. The seat is filled while this instance holds the lease of
// the provider's session; else it is empty.
package seat

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// ErrElsewhere means that this instance does not serve the provider's session.
var ErrElsewhere = errors.New("another instance holds the session")

// Provider has the rules of one provider.
type Provider interface{ Name() string }

// Seat is one provider's place at this instance. It is empty while another instance holds the session. Each time this
// instance gets the lease, the seat gets a new session, which reads from the store what the last holder did.
type Seat[P Provider, S Session[P]] struct {
	name  string
	ahead *ahead[S]

	changing sync.Mutex // one change at a time; it may take seconds

	mu       sync.Mutex
	provider P
	term     context.Context //nolint:containedctx // ends with the lease, with the reason as its cause; nil without a lease
	epoch    int64           // of the session; 0 without a session
	session  S
	filled   bool
	came     chan struct{} // closed and replaced each time the seat is filled
}

// New returns an empty seat for a provider. create must return a session that is neither prepared nor opened.
func New[P Provider, S Session[P]](p P, create func(p P) S) *Seat[P, S] {
	s := &Seat[P, S]{name: p.Name(), provider: p, came: make(chan struct{})}
	s.ahead = &ahead[S]{
		create: func() S { return create(s.Provider()) }, ending: make(chan struct{}),
		prepare: func(ctx context.Context, made S) error { return made.Prepare(ctx) },
		discard: func(ctx context.Context, made S) error { return made.Stop(ctx) },
	}
	return s
}

// Name returns the provider's id.
func (s *Seat[P, S]) Name() string { return s.name }

// Provider returns the provider's present rules.
func (s *Seat[P, S]) Provider() P {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.provider
}

// Session returns the session, if this instance serves it. Error: ErrElsewhere.
func (s *Seat[P, S]) Session() (S, error) {
	session, filled := s.served()
	if !filled {
		return session, fmt.Errorf("%s: %w", s.name, ErrElsewhere)
	}
	return session, nil
}

// served returns the session, if there is one.
func (s *Seat[P, S]) served() (session S, filled bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.session, s.filled
}

// Active reports whether this instance serves the session: it has the lease, and the seat is filled. The channel is closed
// when that changes.
func (s *Seat[P, S]) Active() (yes bool, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.filled && s.term != nil && s.term.Err() == nil {
		return true, s.term.Done() // a session ends only after its lease has ended
	}
	return false, s.came
}

// Serves reports whether this instance serves the session. failed says why the session has ended by itself; nil if it has not.
func (s *Seat[P, S]) Serves() (yes bool, failed error) {
	if session, filled := s.served(); filled {
		return true, session.Failed()
	}
	return false, nil
}

// Prepare makes a session ahead and waits for it. If that fails, the session is made when the lease is gained.
func (s *Seat[P, S]) Prepare() { s.ahead.make() }

// PrepareSoon makes a session ahead in the background.
func (s *Seat[P, S]) PrepareSoon() { s.ahead.makeSoon() }

// Close ends the seat. Fill and Empty must not be called after it.
func (s *Seat[P, S]) Close(ctx context.Context) error { return s.ahead.close(ctx) }
