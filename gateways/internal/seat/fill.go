package seat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"fxcore/lambda/lease"
)

// Bounds of a seat's changes.
const (
	leaveBound = 5 * time.Second        // for a session to finish its requests and log out
	loseBound  = 2 * time.Second        // for a session to end without finishing
	takeAgain  = 100 * time.Millisecond // after a failure
	takeTries  = 3                      // of Fill
)

// Fill opens and starts the session, after its lease was gained under this epoch. It tries again a few times, while the lease goes on
// with term. If it does not succeed the seat stays empty, and another instance should have the lease. See lease.Tenant.
func (s *Seat[P, S]) Fill(term context.Context, epoch int64, log *slog.Logger) {
	s.mu.Lock()
	s.term = term
	s.mu.Unlock()
	for try := 1; ; try++ {
		err := s.take(term, epoch)
		if err == nil || term.Err() != nil {
			return
		}
		log.Warn("session not taken", "provider", s.name, "epoch", epoch, "try", try, "error", err)
		if try == takeTries {
			return
		}
		select {
		case <-term.Done():
			return
		case <-time.After(takeAgain):
		}
	}
}

// Empty ends the session after its lease has ended. If this instance gave the lease back, the session stops in good order.
// Else it is abandoned at once, because another instance may hold the session already. When Empty returns, nothing here acts
// for the session any more.
func (s *Seat[P, S]) Empty(log *slog.Logger) {
	end, bound := S.Abandon, loseBound
	if errors.Is(s.release(), lease.ErrGiven) {
		end, bound = S.Stop, leaveBound
	}
	ctx, cancel := context.WithTimeout(context.Background(), bound)
	defer cancel()
	s.changing.Lock()
	defer s.changing.Unlock()
	defer s.ahead.ended()
	left, filled := s.vacate()
	if !filled {
		return
	}
	if err := end(left, ctx); err != nil {
		log.Warn("session did not end in good order", "provider", s.name, "error", err)
	}
}

// release notes that the lease has ended, and returns why.
func (s *Seat[P, S]) release() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	term := s.term
	s.term, s.epoch = nil, 0
	return context.Cause(term)
}

func (s *Seat[P, S]) take(ctx context.Context, epoch int64) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	return s.begin(ctx, epoch)
}

// begin opens and starts a session. The caller holds s.changing.
func (s *Seat[P, S]) begin(ctx context.Context, epoch int64) error {
	taken := s.ahead.take()
	if err := taken.Open(ctx, epoch); err != nil {
		s.ahead.giveBack(taken)
		return fmt.Errorf("take the session of %s: %w", s.name, err)
	}
	if err := taken.Start(ctx); err != nil {
		return fmt.Errorf("take the session of %s: %w", s.name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.session, s.filled, s.epoch = taken, true, epoch
	close(s.came)
	s.came = make(chan struct{})
	return nil
}

// vacate takes the session out of the seat, so that no new connection gets a session that ends.
func (s *Seat[P, S]) vacate() (session S, filled bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var none S
	session, filled = s.session, s.filled
	s.session, s.filled = none, false
	return session, filled
}
