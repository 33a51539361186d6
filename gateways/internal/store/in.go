package store

import (
	"slices"
	"time"
)

// Hold notes that an incoming message must not count as received until it is released: the event that it became is not
// yet safe with the broker. It is called before the message is counted.
func (s *Session) Hold(seq int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = append(s.held, seq)
}

// Release undoes Hold. A message of a generation that has ended is no concern any more.
func (s *Session) Release(generation, seq int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.release(generation, seq)
}

func (s *Session) release(generation, seq int) {
	if seq == 0 || generation != s.row.generation {
		return
	}
	if i := slices.Index(s.held, seq); i >= 0 { // nearly always the first
		s.held = slices.Delete(s.held, i, i+1)
		s.touch()
	}
}

// confirmed is the number to store: every message before it is safe with the broker, or needed no broker.
func (s *Session) confirmed() int {
	if len(s.held) > 0 {
		return s.held[0]
	}
	return s.row.nextIn
}

// touch notes that the row differs from what is stored. Numbers without a message wait a moment for one to go with.
func (s *Session) touch() {
	if !s.dirty {
		s.dirty = true
		time.AfterFunc(rowPause, s.signal)
	}
}

// Uncount makes the next CountIn count nothing: a logon by someone who does not know the password must not move the
// numbers of the provider in whose name it came.
func (s *Session) Uncount() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.uncount = true
}

// CountIn counts an incoming message, in memory: see Hold. Error: ErrFenced.
func (s *Session) CountIn() error {
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

// SetNextIn sets the number that the provider's next message must have. Error: ErrFenced.
func (s *Session) SetNextIn(next int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.row.nextIn = next
	s.touch()
	return s.ended
}
