package seat

import (
	"context"
	"errors"

	"fxcore/lambda/health"
)

// Status tells how the session is, as far as this instance knows.
func (s *Seat[P, S]) Status() Status {
	if session, filled := s.served(); filled {
		return session.Status()
	}
	return Status{}
}

// Waiting is the number of requests that the broker has not confirmed.
func (s *Seat[P, S]) Waiting() int {
	if session, filled := s.served(); filled {
		return session.Waiting()
	}
	return 0
}

// Check is nil while the session can be served here, or is not to be.
func (s *Seat[P, S]) Check(ctx context.Context) error {
	s.mu.Lock()
	session, filled, mine := s.session, s.filled, s.term != nil
	s.mu.Unlock()
	switch {
	case filled:
		return session.Check(ctx)
	case mine:
		return errors.New("is being taken")
	}
	return nil
}

// Show brings a session's state into the health, and into its numbers: provider.ALPHA.logged_on and so on. It returns the
// names, to be dropped with the session.
func (s *Seat[P, S]) Show(h *health.Health) (names []string) {
	check := "session " + s.name
	h.Add(check, s.Check)
	names = append(names, check)
	gauge := func(what string, read func() int64) {
		h.Gauge("provider."+s.name+"."+what, read)
		names = append(names, "provider."+s.name+"."+what)
	}
	gauge("active", func() int64 {
		active, _ := s.Active()
		return oneIf(active)
	})
	gauge("logged_on", func() int64 { return oneIf(s.Status().LoggedOn) })
	gauge("since", func() int64 { return s.Status().Since.UnixMilli() })
	gauge("next_in", func() int64 { return int64(s.Status().NextIn) })
	gauge("next_out", func() int64 { return int64(s.Status().NextOut) })
	gauge("queue", func() int64 { return int64(s.Waiting()) })
	return names
}

func oneIf(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}
