package session

import (
	"fxcore/gateways/internal/seat"
	"fxcore/gateways/socket/internal/front"
	"fxcore/gateways/socket/internal/provider"
)

// Seat is one provider's place at this instance, as the front and those who watch see it.
type Seat struct {
	*seat.Seat[*Session]
	provider provider.Provider
}

// NewSeat returns a provider's seat, empty.
func NewSeat(p provider.Provider, shared Shared) *Seat {
	return &Seat{seat.New(p.ID, func() *Session { return New(p, shared) }), p}
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
