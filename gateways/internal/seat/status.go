package seat

import (
	"context"
	"errors"
	"time"

	"fxcore/gateways/internal/duty"
	"fxcore/lambda/health"
)

// Status is how a session is.
type Status struct {
	LoggedOn bool
	Since    time.Time // of LoggedOn
	NextIn   int       // number of the provider's next message
	NextOut  int       // number of the next message to it
}

// Status tells how the session is, as far as this instance knows.
func (s *Seat[S]) Status() Status {
	if held, filled := s.Held(); filled {
		return held.Status()
	}
	return Status{}
}

// Waiting is the number of requests that the broker has not confirmed.
func (s *Seat[S]) Waiting() int {
	if held, filled := s.Held(); filled {
		return held.Waiting()
	}
	return 0
}

// Check is nil while the session can be served here, or is not to be.
func (s *Seat[S]) Check(ctx context.Context) error {
	s.mu.Lock()
	held, filled, mine := s.held, s.filled, s.term != nil
	s.mu.Unlock()
	switch {
	case filled:
		return held.Check(ctx)
	case mine:
		return errors.New("is being taken")
	}
	return nil
}

// Show brings a session's state into the health, and into its numbers: provider.ALPHA.logged_on and so on. It returns the
// names, to be dropped with the session.
func Show(h *health.Health, s Place) (names []string) {
	check := "session " + s.name()
	h.Add(check, s.Check)
	names = append(names, check)
	gauge := func(what string, read func() int64) {
		h.Gauge("provider."+s.name()+"."+what, read)
		names = append(names, "provider."+s.name()+"."+what)
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

// sessions are those that this instance could serve, as they are now.
func (s *Seats) sessions() []duty.Session {
	var all []duty.Session
	for _, name := range s.Names() {
		if one, known := s.seat(name); known {
			status := one.Status()
			all = append(all, duty.Session{Provider: name, LoggedOn: status.LoggedOn, Since: status.Since})
		}
	}
	return all
}
