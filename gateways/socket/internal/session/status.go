package session

import "fxcore/gateways/internal/seat"

// Status returns the present state of the session.
func (s *Session) Status() seat.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := seat.Status{LoggedOn: s.visit != nil && s.visit.loggedIn, Since: s.since}
	st.NextIn, st.NextOut = s.Store.Numbers()
	return st
}
