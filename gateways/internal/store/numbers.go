package store

import "time"

// SetNextOut sets the number of the next message to the provider. Error: ErrFenced.
func (s *Session) SetNextOut(next int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.row.nextOut = next
	s.touch()
	return s.ended
}

// Began tells when the session began at 1; zero before Open.
func (s *Session) Began() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.row.created
}

// Begin begins the session again at 1: a new generation. Answers that wait to be written are written with their old
// numbers; a provider that resets gives up what it has not been sent. Error: ErrFenced.
func (s *Session) Begin() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.row.generation++
	s.row.created = beginning()
	s.row.nextIn, s.row.nextOut, s.row.recallFrom = 1, 1, 0
	s.held = nil
	s.touch()
	s.signal()
	return s.ended
}

// beginning is now, as exactly as Postgres keeps it.
func beginning() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
