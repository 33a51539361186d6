// Package seat gives each provider a place at an instance of a gateway: filled while this instance holds the lease of the
// provider's session, else empty.
package seat

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// ErrElsewhere tells that this instance does not hold the provider's session.
var ErrElsewhere = errors.New("another instance holds the session")

// Session is one provider's session, of whatever protocol. It is started once.
type Session interface {
	// Start opens the session under an epoch that the caller holds, and serves it.
	Start(ctx context.Context, epoch int64) error
	// Stop ends it in good order: all that is under way is brought to an end first, as far as that may help.
	Stop(ctx context.Context) error
	// Abandon ends it without another word, and without another write.
	Abandon(ctx context.Context) error
	// Check is nil while the session can be served.
	Check(ctx context.Context) error
	// Status tells how the session is now.
	Status() Status
	// Waiting is the number of requests that the broker has not confirmed.
	Waiting() int
}

// Seat is one provider's place at this instance: empty while another instance holds the session, and with a session
// made anew each time this one gets it. What the last holder did is in the store, and nothing of it is kept here.
type Seat[S Session] struct {
	provider string
	create   func() S

	changing sync.Mutex // one change at a time; it may take seconds

	mu     sync.Mutex
	epoch  int64
	term   context.Context //nolint:containedctx // the lease: it ends with it, and says why; nil while another instance has it
	held   S
	filled bool
	came   chan struct{} // closed and made anew when the seat is filled
}

// New returns a provider's seat, empty. create makes a session that is not started.
func New[S Session](provider string, create func() S) *Seat[S] {
	return &Seat[S]{provider: provider, create: create, came: make(chan struct{})}
}

// name tells whose seat it is.
func (s *Seat[S]) name() string { return s.provider }

// Session is the session while this instance serves it. Error: ErrElsewhere.
func (s *Seat[S]) Session() (S, error) {
	held, filled := s.Held()
	if !filled {
		return held, fmt.Errorf("%s: %w", s.provider, ErrElsewhere)
	}
	return held, nil
}

// Held is the session, if there is one.
func (s *Seat[S]) Held() (held S, filled bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held, s.filled
}

// hold notes that this instance has the lease from now on, until term ends.
func (s *Seat[S]) hold(term context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.term = term
}

// release is hold's inverse, and tells why the lease ended.
func (s *Seat[S]) release() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	term := s.term
	s.term, s.epoch = nil, 0
	return context.Cause(term)
}

// Take starts the session under an epoch that this instance holds. It may be tried again if it fails.
func (s *Seat[S]) Take(ctx context.Context, epoch int64) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	return s.take(ctx, epoch)
}

func (s *Seat[S]) take(ctx context.Context, epoch int64) error {
	taken := s.create()
	if err := taken.Start(ctx, epoch); err != nil {
		return fmt.Errorf("take the session of %s: %w", s.provider, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held, s.filled, s.epoch = taken, true, epoch
	close(s.came)
	s.came = make(chan struct{})
	return nil
}

// Leave stops the session in good order.
func (s *Seat[S]) Leave(ctx context.Context) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	if left, filled := s.vacate(); filled {
		return left.Stop(ctx)
	}
	return nil
}

// Lose ends the session at once: another instance may hold it already, so nothing more is stored, and nothing more is
// sent. A change that is under way ends with the lease.
func (s *Seat[S]) Lose(ctx context.Context) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	if lost, filled := s.vacate(); filled {
		return lost.Abandon(ctx)
	}
	return nil
}

// vacate empties the seat first, so that no connection finds a session that ends.
func (s *Seat[S]) vacate() (held S, filled bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var none S
	held, filled = s.held, s.filled
	s.held, s.filled = none, false
	return held, filled
}

// Active tells whether this instance serves the session: it has the lease, and the session is there. The channel is closed
// when that changes.
func (s *Seat[S]) Active() (yes bool, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.filled && s.term != nil && s.term.Err() == nil {
		return true, s.term.Done() // a session is only left after its lease has ended
	}
	return false, s.came
}
