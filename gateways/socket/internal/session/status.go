package session

import "time"

// Status is how a session is.
type Status struct {
	LoggedOn bool
	Since    time.Time // of LoggedOn
	NextIn   int       // number of the next request
	NextOut  int       // number of the next answer
}

// Status tells how the session is now.
func (s *Session) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := Status{LoggedOn: s.visit != nil && s.visit.loggedIn, Since: s.since}
	st.NextIn, st.NextOut = s.store.Numbers()
	return st
}
