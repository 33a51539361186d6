package seat

import (
	"context"
	"fmt"
	"time"
)

// Update changes the rules that the door reads, and those rules of the session that may change while it goes on.
func (s *Seat[P, S]) Update(p P) {
	s.setProvider(p)
	s.ahead.each(func(ready S) { ready.Update(p) })
	if session, filled := s.served(); filled {
		session.Update(p)
	}
}

// Become changes all rules, for the next login and for sessions made from now on. The present session keeps its rules until
// Renew. It returns an error if the session that was made ahead by the old rules does not end.
func (s *Seat[P, S]) Become(ctx context.Context, p P) error {
	s.setProvider(p)
	return s.ahead.renew(ctx)
}

func (s *Seat[P, S]) setProvider(p P) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.provider = p
}

// Farewell sets the text that the provider is told when its session stops. It does nothing if the session is not served here.
func (s *Seat[P, S]) Farewell(text string) {
	if session, filled := s.served(); filled {
		session.Farewell(text)
	}
}

// Renew ends the session in good order and begins a new one under the same lease. It does nothing if this instance does not
// serve the session. It returns nil when the new session serves or the lease has ended. If ctx ends first it returns an
// error: then the seat is empty, and the caller must call Renew again.
func (s *Seat[P, S]) Renew(ctx context.Context) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	s.mu.Lock()
	term, epoch := s.term, s.epoch
	s.mu.Unlock()
	if term == nil || epoch == 0 {
		return nil // this instance does not serve the session
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(term, cancel)() //nolint:contextcheck // term is the lease: when it ends, so does the work
	if left, filled := s.vacate(); filled {
		s.end(ctx, left)
	}
	return s.beginAgain(ctx, term, epoch)
}

// end stops a session. If that takes too long or the lease ends, it abandons the session.
func (s *Seat[P, S]) end(ctx context.Context, left S) {
	bounded, cancel := context.WithTimeout(ctx, leaveBound)
	defer cancel()
	if left.Stop(bounded) == nil {
		return
	}
	last, release := context.WithTimeout(context.WithoutCancel(ctx), loseBound)
	defer release()
	_ = left.Abandon(last) // an error changes nothing: the abandoned session can no longer write
}

func (s *Seat[P, S]) beginAgain(ctx, term context.Context, epoch int64) error {
	for term.Err() == nil {
		failed := s.begin(ctx, epoch)
		if failed == nil {
			return nil
		}
		select {
		case <-term.Done():
		case <-time.After(takeAgain):
			if ctx.Err() != nil {
				return fmt.Errorf("begin the session of %s again: %w", s.name, failed)
			}
		}
	}
	return nil // the lease has ended: the next holder begins the session
}
