package session

import (
	"context"
	"sync"

	"fxcore/gateways/internal/seat"
	"fxcore/gateways/socket/internal/front"
	"fxcore/gateways/socket/internal/provider"
)

// Seat is one provider's place at this instance, as the front and those who watch see it.
type Seat struct {
	*seat.Seat[*Session]

	mu       sync.Mutex
	provider provider.Provider
}

// NewSeat returns a provider's seat, empty.
func NewSeat(p provider.Provider, shared Shared) *Seat {
	s := &Seat{provider: p}
	s.Seat = seat.New(p.ID, func() *Session { return New(s.Provider(), shared) })
	return s
}

// Provider tells whose seat it is.
func (s *Seat) Provider() provider.Provider {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.provider
}

// Become changes the provider's rules: those of the next login, and of a session that is made from now on.
func (s *Seat) Become(_ context.Context, p provider.Provider) error {
	s.is(p)
	return nil
}

// Update changes what is looked at by the door, and while the session goes on.
func (s *Seat) Update(p provider.Provider) {
	s.is(p)
	if held, filled := s.Held(); filled {
		held.Update(p)
	}
}

func (s *Seat) is(p provider.Provider) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.provider = p
}

// Prepare has nothing to do: a session is made in no time. Nor has Close.
func (s *Seat) Prepare() {}

// Close is Prepare's inverse.
func (s *Seat) Close(context.Context) error { return nil }

// Farewell says what the provider is told when its session stops, if it is served here.
func (s *Seat) Farewell(text string) {
	if held, filled := s.Held(); filled {
		held.Farewell(text)
	}
}

// Session is the session while this instance serves it. Error: seat.ErrElsewhere.
func (s *Seat) Session() (front.Session, error) {
	held, err := s.Seat.Session()
	if err != nil {
		return nil, err
	}
	return held, nil
}
