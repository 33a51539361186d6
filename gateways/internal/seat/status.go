package seat

import (
	"context"
	"errors"

	"fxcore/lambda/health"
)

// Status returns the state of the session; the zero Status if this instance does not serve it.
func (s *Seat[P, S]) Status() Status {
	if session, filled := s.served(); filled {
		return session.Status()
	}
	return Status{}
}

// Waiting returns the number of requests that the broker has not confirmed.
func (s *Seat[P, S]) Waiting() int {
	if session, filled := s.served(); filled {
		return session.Waiting()
	}
	return 0
}

// Check returns nil while the session can be served, and while this instance does not have its lease.
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

// Show adds the session's check and gauges (provider.ALPHA.logged_on and so on) to the health. It returns their names, so
// that the caller can remove them with the session.
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
	measure := func(what string, read func() float64) {
		name := `fx_session_` + what + `{provider="` + s.name + `"}`
		h.Measure(name, read)
		names = append(names, name)
	}
	measure("active", func() float64 { active, _ := s.Active(); return float64(oneIf(active)) })
	measure("logged_on", func() float64 { return float64(oneIf(s.Status().LoggedOn)) })
	measure("messages_in_total", func() float64 { return float64(max(0, s.Status().NextIn-1)) })
	measure("requests_waiting", func() float64 { return float64(s.Waiting()) })
	return names
}

func oneIf(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}
