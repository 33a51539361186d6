package store

import (
	"slices"
	"time"
)

// Next is the number that the provider's next message must have.
func (s Incoming) Next() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.row.nextIn
}

// Count counts a message as received, in memory. The stored number stays behind the first one that is withheld. Error:
// ErrFenced.
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

// Uncount makes the next Count count nothing: a logon with a wrong password must not move the numbers of the provider in
// whose name it came.
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

// Withhold keeps a number from being stored as received until it is released: the broker does not have the message's event
// yet. It is called before the message is counted. After a crash the provider sends again what was withheld.
func (s Incoming) Withhold(seq int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.withheld = append(s.withheld, seq)
}

// Release undoes Withhold: the broker has the event, or needs none. It does nothing for a message of a generation that has
// ended.
func (s Incoming) Release(generation, seq int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.release(generation, seq)
}

// Safe is the number up to which the broker has every message, or needs none of it. The message with the number after
// counts as such already; 0 stands for no message.
func (s Incoming) Safe(after int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, seq := range s.withheld {
		if seq != after {
			return seq - 1
		}
	}
	return s.row.nextIn - 1
}

// release is Release. The caller holds mu.
func (s *session) release(generation, seq int) {
	if seq == 0 || generation != s.row.generation {
		return
	}
	if i := slices.Index(s.withheld, seq); i >= 0 { // nearly always the first
		s.withheld = slices.Delete(s.withheld, i, i+1)
		s.touch()
	}
}

// received is the number to store: the broker has every message before it, or needs none of it. The caller holds mu.
func (s *session) received() int {
	if len(s.withheld) > 0 {
		return s.withheld[0]
	}
	return s.row.nextIn
}

// touch notes that the row differs from what is stored. Numbers without a message wait a moment for one to go with. The
// caller holds mu.
func (s *session) touch() {
	if !s.dirty {
		s.dirty = true
		time.AfterFunc(rowPause, s.signal)
	}
}
