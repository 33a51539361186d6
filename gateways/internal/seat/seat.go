// Package seat gives each provider a place at an instance of a gateway: filled while this instance holds the lease of the
// provider's session, else empty.
package seat

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// ErrElsewhere tells that this instance does not serve the provider's session.
var ErrElsewhere = errors.New("another instance holds the session")

// Provider is the rules of a provider.
type Provider interface{ Name() string }

// Seat is one provider's place at this instance: empty while another instance holds the session, and with a session
// made anew each time this one gets it. What the last holder did is in the store, and nothing of it is kept here.
type Seat[P Provider, S Session[P]] struct {
	name  string
	ahead *ahead[S]

	changing sync.Mutex // one change at a time; it may take seconds

	mu       sync.Mutex
	provider P
	term     context.Context //nolint:containedctx // the lease: it ends with it, and says why; nil while another instance has it
	epoch    int64           // of the session; 0 while there is none
	session  S
	filled   bool
	came     chan struct{} // closed and made anew when the seat is filled
}

// New returns a provider's seat, empty. create makes a session that is neither prepared nor opened.
func New[P Provider, S Session[P]](p P, create func(p P) S) *Seat[P, S] {
	s := &Seat[P, S]{name: p.Name(), provider: p, came: make(chan struct{})}
	s.ahead = &ahead[S]{
		create: func() S { return create(s.Provider()) }, ending: make(chan struct{}),
		prepare: func(ctx context.Context, made S) error { return made.Prepare(ctx) },
		discard: func(ctx context.Context, made S) error { return made.Stop(ctx) },
	}
	return s
}

// Name is the provider's id.
func (s *Seat[P, S]) Name() string { return s.name }

// Provider is the provider by the rules that are in force.
func (s *Seat[P, S]) Provider() P {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.provider
}

// Session is the session while this instance serves it. Error: ErrElsewhere.
func (s *Seat[P, S]) Session() (S, error) {
	session, filled := s.served()
	if !filled {
		return session, fmt.Errorf("%s: %w", s.name, ErrElsewhere)
	}
	return session, nil
}

// served is the session, if there is one.
func (s *Seat[P, S]) served() (session S, filled bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.session, s.filled
}

// Active tells whether this instance serves the session: it has the lease, and the session is there. The channel is closed
// when that changes.
func (s *Seat[P, S]) Active() (yes bool, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.filled && s.term != nil && s.term.Err() == nil {
		return true, s.term.Done() // a session is only left after its lease has ended
	}
	return false, s.came
}

// Prepare makes a session ready for the first lease, and returns when it is. A failure shows when the session is taken.
func (s *Seat[P, S]) Prepare() { s.ahead.make() }

// PrepareSoon does the same in the background.
func (s *Seat[P, S]) PrepareSoon() { s.ahead.makeSoon() }

// Close is the end of the seat: the lease may not be gained or lost any more.
func (s *Seat[P, S]) Close(ctx context.Context) error { return s.ahead.close(ctx) }
