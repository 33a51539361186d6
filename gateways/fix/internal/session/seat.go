package session

import (
	"fxcore/gateways/fix/internal/engine"
	"fxcore/gateways/fix/internal/front"
	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/internal/seat"
)

// Seat is one provider's place at this instance, as the front and those who watch see it.
type Seat struct {
	*seat.Seat[*Session]
	provider provider.Provider
	ahead    *ahead
}

// NewSeat returns a provider's seat, empty.
func NewSeat(p provider.Provider, shared Shared) *Seat {
	a := &ahead{}
	a.create = func() *Session { return newSession(p, shared, a) }
	return &Seat{seat.New(p.ID, a.take), p, a}
}

// Provider tells whose seat it is.
func (s *Seat) Provider() provider.Provider { return s.provider }

// Session is the session while this instance serves it. Error: seat.ErrElsewhere.
func (s *Seat) Session() (front.Session, error) {
	held, err := s.Seat.Session()
	if err != nil {
		return nil, err
	}
	return held, nil
}

// Status tells how the session is, as far as this instance knows.
func (s *Seat) Status() engine.Status {
	if held, filled := s.Held(); filled {
		return held.Status()
	}
	return engine.Status{Provider: s.provider.ID, Version: s.provider.BeginString}
}

// Waiting is the number of requests that the broker has not confirmed.
func (s *Seat) Waiting() int {
	if held, filled := s.Held(); filled {
		return held.Waiting()
	}
	return 0
}
