package seat

import (
	"context"
	"fmt"
	"time"
)

// Renew ends the session in good order and begins it again, made anew, under the same lease; where this instance does not
// serve it, there is nothing to do. It returns when the new session serves or the lease has ended, and with ctx's error
// when that ends first: then the seat is empty and Renew must be called again.
func (s *Seat[S]) Renew(ctx context.Context) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	s.mu.Lock()
	term, epoch := s.term, s.epoch
	s.mu.Unlock()
	if term == nil || epoch == 0 {
		return nil // whoever gains the lease makes it anew
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(term, cancel)() //nolint:contextcheck // it is the lease, which ends whatever is under way
	if left, filled := s.vacate(); filled {
		s.end(ctx, left)
	}
	return s.begin(ctx, term, epoch)
}

// end stops a session, and abandons it where that takes too long or the lease is over.
func (s *Seat[S]) end(ctx context.Context, left S) {
	bounded, cancel := context.WithTimeout(ctx, leaveBound)
	defer cancel()
	if left.Stop(bounded) == nil {
		return
	}
	last, release := context.WithTimeout(context.WithoutCancel(ctx), loseBound)
	defer release()
	_ = left.Abandon(last) // the store's fence does the rest: the next session has its own
}

func (s *Seat[S]) begin(ctx, term context.Context, epoch int64) error {
	for term.Err() == nil {
		failed := s.take(ctx, epoch)
		if failed == nil {
			return nil
		}
		select {
		case <-term.Done():
		case <-time.After(takeAgain):
			if ctx.Err() != nil {
				return fmt.Errorf("begin the session of %s again: %w", s.provider, failed)
			}
		}
	}
	return nil // whoever gains the lease makes it anew
}
