package session

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"fxcore/gateways/fix/internal/engine"
	"fxcore/gateways/fix/internal/front"
	"fxcore/gateways/fix/internal/provider"
)

// ErrElsewhere tells that this instance does not hold the provider's session.
var ErrElsewhere = errors.New("another instance holds the session")

// Seat is one provider's place at this instance: empty while another instance holds the session, and with a session
// made anew each time this one gets it. What the last holder did is in the store, and nothing of it is kept here.
type Seat struct {
	provider provider.Provider
	shared   Shared

	mu   sync.Mutex
	term context.Context //nolint:containedctx // the lease: it ends with it, and says why; nil while another instance has it
	held *Session        // nil while the seat is empty
}

// NewSeat returns a provider's seat, empty.
func NewSeat(p provider.Provider, shared Shared) *Seat { return &Seat{provider: p, shared: shared} }

// Provider tells whose seat it is.
func (s *Seat) Provider() provider.Provider { return s.provider }

// Session is the session while this instance serves it. Error: ErrElsewhere.
func (s *Seat) Session() (front.Session, error) {
	if held := s.current(); held != nil {
		return held, nil
	}
	return nil, fmt.Errorf("%s: %w", s.provider.ID, ErrElsewhere)
}

func (s *Seat) current() *Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held
}

// hold notes that this instance has the lease from now on, until term ends.
func (s *Seat) hold(term context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.term = term
}

// release is hold's inverse, and tells why the lease ended.
func (s *Seat) release() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	term := s.term
	s.term = nil
	return context.Cause(term)
}

// Take starts the session under an epoch that this instance holds. It may be tried again if it fails.
func (s *Seat) Take(ctx context.Context, epoch int64) error {
	taken := New(s.provider, s.shared)
	if err := taken.Start(ctx, epoch); err != nil {
		return fmt.Errorf("take the session of %s: %w", s.provider.ID, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = taken
	return nil
}

// Leave stops the session: all that is under way is brought to an end first, as far as that may help.
func (s *Seat) Leave(ctx context.Context) error {
	if left := s.vacate(); left != nil {
		return left.Stop(ctx)
	}
	return nil
}

// Lose ends the session at once: another instance may hold it already, so nothing more is stored, and nothing more is
// sent.
func (s *Seat) Lose(ctx context.Context) error {
	if lost := s.vacate(); lost != nil {
		return lost.Abandon(ctx)
	}
	return nil
}

// vacate empties the seat first, so that no connection finds a session that ends.
func (s *Seat) vacate() *Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := s.held
	s.held = nil
	return held
}

// Active tells whether this instance serves the session: it has the lease, and the session is there.
func (s *Seat) Active() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held != nil && s.term != nil && s.term.Err() == nil
}

// Check is nil while the session can be served here, or is not to be.
func (s *Seat) Check(ctx context.Context) error {
	s.mu.Lock()
	held, mine := s.held, s.term != nil
	s.mu.Unlock()
	switch {
	case held != nil:
		return held.Check(ctx)
	case mine:
		return errors.New("is being taken")
	}
	return nil
}

// Status tells how the session is, as far as this instance knows.
func (s *Seat) Status() engine.Status {
	if held := s.current(); held != nil {
		return held.Status()
	}
	return engine.Status{Provider: s.provider.ID, Version: s.provider.BeginString}
}

// Waiting is the number of requests that the broker has not confirmed.
func (s *Seat) Waiting() int {
	if held := s.current(); held != nil {
		return held.Waiting()
	}
	return 0
}
