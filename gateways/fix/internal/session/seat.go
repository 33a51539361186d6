package session

import (
	"context"
	"sync"

	"fxcore/gateways/fix/internal/front"
	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/internal/seat"
)

// Seat is one provider's place at this instance, as the front and those who watch see it.
type Seat struct {
	*seat.Seat[*Session]

	mu       sync.Mutex
	provider provider.Provider
	ahead    *ahead
}

// NewSeat returns a provider's seat, empty.
func NewSeat(p provider.Provider, shared Shared) *Seat {
	s := &Seat{provider: p, ahead: newAhead()}
	s.ahead.create = func() *Session { return newSession(s.Provider(), shared, s.ahead) }
	s.Seat = seat.New(p.ID, s.ahead.take)
	return s
}

// Provider tells whose seat it is.
func (s *Seat) Provider() provider.Provider {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.provider
}

// Become changes the provider's rules: those of the next logon, and of a session that is made from now on. Error: that
// what was made ahead by the old ones does not end.
func (s *Seat) Become(ctx context.Context, p provider.Provider) error {
	s.is(p)
	return s.ahead.again(ctx)
}

// Update changes what is looked at by the door, and while the session goes on.
func (s *Seat) Update(p provider.Provider) {
	s.is(p)
	s.ahead.update(p)
	if held, filled := s.Held(); filled {
		held.Update(p)
	}
}

func (s *Seat) is(p provider.Provider) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.provider = p
}

// Prepare makes a session ready in a moment. Close is its inverse: the lease may not be gained or lost any more.
func (s *Seat) Prepare() { s.ahead.makeSoon() }

// Close ends what is ready at the seat.
func (s *Seat) Close(ctx context.Context) error { return s.ahead.close(ctx) }

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
