package store

import "time"

// Entry returns what makes a message's number unique for ever: the session's name, its generation, and when that began.
func (s *Session) Entry() (name string, generation int, created time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.name, s.row.generation, s.row.created
}

// Numbers returns the number of the next message in each direction, both read at one instant.
func (s *Session) Numbers() (in, out int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.row.nextIn, s.row.nextOut
}

// Began returns when the session's numbers began at 1; the zero time before Open.
func (s *Session) Began() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.row.created
}

// Begin starts a new generation: the numbers begin again at 1, in both directions. Messages that wait for the writer are
// stored with their old numbers. A provider that resets its numbers gives up the messages that it has not received. Error:
// ErrFenced.
func (s *Session) Begin() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.row.generation++
	s.row.created = beginning()
	s.row.nextIn, s.row.nextOut, s.row.recallFrom = 1, 1, 0
	s.unconfirmed = nil
	s.refused.forget()
	s.touch()
	s.signal()
	return s.ended
}

// Turn starts the given generation: the outgoing numbers begin again at 1, the incoming numbers go on. Call it only before
// the first message since Open. Error: ErrFenced.
func (s *Session) Turn(generation int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.row.generation = generation
	s.row.created = beginning()
	s.row.nextOut, s.row.recallFrom = 1, 1
	s.refused.restate(generation)
	s.touch()
	s.signal()
	return s.ended
}

// beginning returns the present time, cut to the precision of Postgres.
func beginning() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
