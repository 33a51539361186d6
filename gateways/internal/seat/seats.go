package seat

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"fxcore/lambda/lease"
)

// Seats are the seats of all providers, filled and emptied as this instance gains and loses their leases: a lease.Tenant.
type Seats struct {
	log *slog.Logger

	mu    sync.Mutex
	seats map[string]Place
}

// Place is a seat, whatever its session is; or what a gateway has made of one.
type Place interface {
	name() string
	Take(ctx context.Context, epoch int64) error
	Leave(ctx context.Context) error
	Lose(ctx context.Context) error
	Active() (yes bool, changed <-chan struct{})
	Check(ctx context.Context) error
	Status() Status
	Waiting() int
	hold(term context.Context)
	release() error
}

// Bounds of a seat's changes.
const (
	leaveBound = 5 * time.Second        // to bring what is under way to an end and say goodbye
	loseBound  = 2 * time.Second        // for the session to end, after which it can only be silent
	takeAgain  = 100 * time.Millisecond // after a failure
)

var _ lease.Tenant = (*Seats)(nil)

// NewSeats returns the seats as a tenant.
func NewSeats[P Place](seats []P, log *slog.Logger) *Seats {
	s := &Seats{seats: make(map[string]Place, len(seats)), log: log}
	for _, one := range seats {
		s.seats[one.name()] = one
	}
	return s
}

// Put adds a seat, before its lease is wanted.
func (s *Seats) Put(one Place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seats[one.name()] = one
}

// Remove forgets a seat, after its lease was given.
func (s *Seats) Remove(provider string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.seats, provider)
}

// Names are the providers that have a seat, sorted.
func (s *Seats) Names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.seats))
}

func (s *Seats) seat(provider string) (one Place, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, known = s.seats[provider]
	return one, known
}

// Gained takes the session, however often that has to be tried while the lease lasts.
func (s *Seats) Gained(ctx context.Context, provider string, epoch int64) {
	seat, known := s.seat(provider)
	if !known {
		return
	}
	seat.hold(ctx)
	for {
		err := seat.Take(ctx, epoch)
		if err == nil || ctx.Err() != nil {
			return
		}
		s.log.Warn("session not taken, trying again", "provider", provider, "epoch", epoch, "error", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(takeAgain):
		}
	}
}

// Lost leaves the session in good order where its lease was given, and at once where it is over.
func (s *Seats) Lost(provider string) {
	seat, known := s.seat(provider)
	if !known {
		return
	}
	why := seat.release()
	end, bound := seat.Lose, loseBound
	if errors.Is(why, lease.ErrGiven) {
		end, bound = seat.Leave, leaveBound
	}
	ctx, cancel := context.WithTimeout(context.Background(), bound)
	defer cancel()
	if err := end(ctx); err != nil {
		s.log.Warn("session did not end in good order", "provider", provider, "error", err)
	}
}

// Active tells whether this instance serves a provider's session now, and when that changes.
func (s *Seats) Active(provider string) (yes bool, changed <-chan struct{}) {
	if seat, known := s.seat(provider); known {
		return seat.Active()
	}
	return false, nil
}
