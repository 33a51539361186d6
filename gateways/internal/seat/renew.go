package seat

import (
	"context"
	"fmt"
	"time"
)

// Update changes the rules that the door looks at, and those that may change while the session goes on.
func (s *Seat[P, S]) Update(p P) {
	s.setProvider(p)
	s.ahead.each(func(ready S) { ready.Update(p) })
	if session, filled := s.served(); filled {
		session.Update(p)
	}
}

// Become changes all rules: those of the next login, and of a session that is made from now on. Error: the session that
// was made ahead by the old rules does not end.
func (s *Seat[P, S]) Become(ctx context.Context, p P) error {
	s.setProvider(p)
	return s.ahead.renew(ctx)
}

func (s *Seat[P, S]) setProvider(p P) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.provider = p
}

// Farewell says what the provider is told when its session stops, if the session is served here.
func (s *Seat[P, S]) Farewell(text string) {
	if session, filled := s.served(); filled {
		session.Farewell(text)
	}
}

// Renew ends the session in good order and begins it again, made anew, under the same lease; where this instance does not
// serve it, there is nothing to do. It returns when the new session serves or the lease has ended, and with ctx's error
// when that ends first: then the seat is empty and Renew must be called again.
func (s *Seat[P, S]) Renew(ctx context.Context) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	s.mu.Lock()
	term, epoch := s.term, s.epoch
	s.mu.Unlock()
	if term == nil || epoch == 0 {
		return nil // the next holder makes the session anew
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(term, cancel)() //nolint:contextcheck // it is the lease, which ends whatever is under way
	if left, filled := s.vacate(); filled {
		s.end(ctx, left)
	}
	return s.beginAgain(ctx, term, epoch)
}

// end stops a session, and abandons it where that takes too long or the lease is over.
func (s *Seat[P, S]) end(ctx context.Context, left S) {
	bounded, cancel := context.WithTimeout(ctx, leaveBound)
	defer cancel()
	if left.Stop(bounded) == nil {
		return
	}
	last, release := context.WithTimeout(context.WithoutCancel(ctx), loseBound)
	defer release()
	_ = left.Abandon(last) // the store's fence does the rest: the next session has its own
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
	return nil // the next holder makes the session anew
}
