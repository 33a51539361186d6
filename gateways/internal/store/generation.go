package store

import "time"

// Entry tells what makes a message's number unique for ever: the session's name, and when its generation began.
func (s *Session) Entry() (name string, generation int, created time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.name, s.row.generation, s.row.created
}

// Numbers tells the number of the next message in each direction, at one instant.
func (s *Session) Numbers() (in, out int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.row.nextIn, s.row.nextOut
}

// Began tells when the session began at 1; zero before Open.
func (s *Session) Began() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.row.created
}

// Begin begins the session again at 1, in both directions: a new generation. Answers that wait to be written are written
// with their old numbers; a provider that resets gives up what it has not been sent. Error: ErrFenced.
func (s *Session) Begin() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.row.generation++
	s.row.created = beginning()
	s.row.nextIn, s.row.nextOut, s.row.recallFrom = 1, 1, 0
	s.unconfirmed = nil
	s.touch()
	s.signal()
	return s.ended
}

// Turn begins the way out again at 1, in a generation: that of a new session whose requests are numbered on. It is for
// sessions that have not sent anything since Open. Error: ErrFenced.
func (s *Session) Turn(generation int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.row.generation = generation
	s.row.created = beginning()
	s.row.nextOut, s.row.recallFrom = 1, 1
	s.touch()
	s.signal()
	return s.ended
}

// beginning is now, as exactly as Postgres keeps it.
func beginning() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
