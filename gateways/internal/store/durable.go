package store

import (
	"context"
	"fmt"
)

// Wait returns when the messages of all causes are durable. Errors: ErrFenced, ctx's.
func (s Outgoing) Wait(ctx context.Context, causes []*Cause) error {
	var position uint64
	for _, c := range causes {
		position = max(position, c.position)
	}
	return s.until(ctx, func() bool { return s.committed >= position })
}

// WaitAll returns when all messages that have been sent so far are durable. Errors: ErrFenced, ctx's.
func (s Outgoing) WaitAll(ctx context.Context) error {
	s.mu.Lock()
	position := s.saved
	s.mu.Unlock()
	return s.until(ctx, func() bool { return s.committed >= position })
}

// Covered reports whether the message with this number is durable, so that it may be sent.
//
// A number above the last one saved belongs to the generation before: the session has begun again since the message was
// saved. Such a message is durable when the new beginning is, because it was saved first.
func (s Outgoing) Covered(seq int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.covers(seq)
}

// WaitCovered returns when Covered is true for the number. Errors: ErrFenced, ctx's.
func (s Outgoing) WaitCovered(ctx context.Context, seq int) error {
	return s.until(ctx, func() bool { return s.covers(seq) })
}

func (s *session) covers(seq int) bool {
	return s.covered.generation == s.row.generation && (seq <= s.covered.seq || seq >= s.row.nextOut)
}

// until waits for a condition. It calls condition while it holds mu.
func (s *session) until(ctx context.Context, condition func() bool) error {
	for {
		s.mu.Lock()
		fine, ended, changed := condition(), s.ended, s.changed
		s.mu.Unlock()
		switch {
		case fine:
			return nil
		case ended != nil:
			return ended
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for the store: %w", ctx.Err())
		}
	}
}

// WaitStored returns when the message with this number, in the present generation, is durable. It returns the number of the
// last message that is. Errors: ErrFenced, ctx's.
func (s Outgoing) WaitStored(ctx context.Context, seq int) (last int, err error) {
	err = s.until(ctx, func() bool {
		last = s.covered.seq
		return s.covered.generation == s.row.generation && last >= seq
	})
	return last, err
}
