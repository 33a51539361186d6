package store

import (
	"context"
	"fmt"
)

// Wait returns once the messages of all causes are durable. Errors: ErrFenced, the context's.
func (s Outgoing) Wait(ctx context.Context, causes []*Cause) error {
	var position uint64
	for _, c := range causes {
		position = max(position, c.position)
	}
	return s.until(ctx, func() bool { return s.committed >= position })
}

// Covered tells whether the message with this number may go: it is durable.
//
// A number beyond the last one saved belongs to the generation before: the session has begun again while the message
// was on its way. It was saved before that, so it is durable as soon as the new beginning is.
func (s Outgoing) Covered(seq int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.covers(seq)
}

// WaitCovered returns once Covered. Errors: ErrFenced, the context's.
func (s Outgoing) WaitCovered(ctx context.Context, seq int) error {
	return s.until(ctx, func() bool { return s.covers(seq) })
}

func (s *session) covers(seq int) bool {
	return s.covered.generation == s.row.generation && (seq <= s.covered.seq || seq >= s.row.nextOut)
}

// until waits for a condition, which is looked at under mu.
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

// WaitStored returns once the message with this number, in this generation, is durable, and tells the number of the last one
// that is. Errors: ErrFenced, the context's.
func (s Outgoing) WaitStored(ctx context.Context, seq int) (last int, err error) {
	err = s.until(ctx, func() bool {
		last = s.covered.seq
		return s.covered.generation == s.row.generation && last >= seq
	})
	return last, err
}
