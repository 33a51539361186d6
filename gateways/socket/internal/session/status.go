package session

import "fxcore/gateways/internal/seat"

// Status tells how the session is now.
func (s *Session) Status() seat.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := seat.Status{LoggedOn: s.visit != nil && s.visit.loggedIn, Since: s.since}
	st.NextIn, st.NextOut = s.Store.Numbers()
	return st
}
