package store

import (
	"slices"
	"time"
)

// Next returns the number that the provider's next message must have.
func (s Incoming) Next() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.row.nextIn
}

// Count counts a message as received, in memory. The store does not go past the first number that awaits its confirm, see
// AwaitConfirm. Error: ErrFenced.
func (s Incoming) Count() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.uncount {
		s.uncount = false
		return nil
	}
	s.row.nextIn++
	s.touch()
	return s.ended
}

// Uncount makes the next Count do nothing. A logon with a wrong password must not change the numbers of the provider whose
// name it uses.
func (s Incoming) Uncount() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.uncount = true
}

// SetNext sets the number that the provider's next message must have. Error: ErrFenced.
func (s Incoming) SetNext(next int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.row.nextIn = next
	s.touch()
	return s.ended
}

// AwaitConfirm notes that the broker must confirm the event of this message. Until Confirm, the store does not record the
// number as received, so the provider sends the message again after a crash. Call it before Count.
func (s Incoming) AwaitConfirm(seq int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unconfirmed = append(s.unconfirmed, seq)
}

// Confirm notes that the broker has the event of this message, or that the message needs none. It does nothing for a
// generation that has ended.
func (s Incoming) Confirm(generation, seq int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.confirm(generation, seq)
}

// Safe returns the highest number for which this holds: every message up to it is confirmed, or needs no confirm. It
// treats the message with the number assumed as confirmed; 0 assumes none.
func (s Incoming) Safe(assumed int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, seq := range s.unconfirmed {
		if seq != assumed {
			return seq - 1
		}
	}
	return s.row.nextIn - 1
}

// confirm does the work of Confirm. The caller holds mu.
func (s *session) confirm(generation, seq int) {
	if seq == 0 || generation != s.row.generation {
		return
	}
	if i := slices.Index(s.unconfirmed, seq); i >= 0 { // nearly always the first
		s.unconfirmed = slices.Delete(s.unconfirmed, i, i+1)
		s.touch()
	}
}

// received returns the number to store as the next incoming one: all messages before it are confirmed, or need no confirm.
// The caller holds mu.
func (s *session) received() int {
	if len(s.unconfirmed) > 0 {
		return s.unconfirmed[0]
	}
	return s.row.nextIn
}

// touch notes that the row has changed and must be stored. The writer waits a moment, so that the row can go into the same
// commit as a message. The caller holds mu.
func (s *session) touch() {
	if !s.dirty {
		s.dirty = true
		time.AfterFunc(rowPause, s.signal)
	}
}
