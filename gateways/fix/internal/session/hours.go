package session

import (
	"context"
	"time"

	"fxcore/gateways/fix/internal/provider"
)

// look is the longest wait before the session reads the clock again. Somebody may have set the clock meanwhile.
const look = 10 * time.Second

// renew begins the session's numbers again at 1, if its rules ask for that at the start of each period of the schedule. It
// does so once in a period: afterwards the beginning of the numbers, in the store, is not before the period's start.
func (s *Session) renew(now time.Time) error {
	p := s.Provider()
	period, begun := p.Schedule.Last(now)
	if p.Reset != provider.ResetAtStart || !begun || !s.Store.Began().Before(period.Start) {
		return nil
	}
	s.shared.Log.Info("session begins at 1 by its schedule", "provider", p.ID, "period", period.Start.UTC())
	return s.Store.Begin()
}

// keepHours opens and closes the session by its schedule, until ctx ends. While the session is closed the front refuses logons.
// The engine still numbers and stores answers; the provider gets them when the session is open again. Each look for the next change
// begins at the time of the last one, or of Resume. A change that comes while the session starts or turns is not missed.
func (s *Session) keepHours(ctx context.Context) error {
	hours, turned := s.Provider().Schedule, s.resumed
	for at, some := hours.Change(turned); some; at, some = hours.Change(turned) {
		for turned = s.shared.now(); turned.Before(at); turned = s.shared.now() {
			if !wait(ctx, min(look, at.Sub(turned))) {
				return nil
			}
		}
		for err := s.turn(ctx, turned); err != nil; err = s.turn(ctx, turned) {
			s.shared.Log.Warn("session not opened or closed by its schedule, trying again", "provider", s.Provider().ID, "error", err)
			if !wait(ctx, again) {
				return nil
			}
		}
	}
	return nil
}

const again = 200 * time.Millisecond

// turn handles the begin or end of a period. It tells the provider why and logs it out. If renew is due, the numbers begin at
// 1 before the provider can log on again.
func (s *Session) turn(ctx context.Context, now time.Time) error {
	bounded, cancel := context.WithTimeout(ctx, turnBound)
	defer cancel()
	if next, some := s.Provider().Schedule.Next(now); some {
		s.Farewell("the session is over by its schedule: the next one begins " + next.Start.UTC().Format("2006-01-02 15:04:05") + " UTC")
	}
	if _, open := s.Provider().Schedule.Open(now); open {
		s.Farewell("the session begins anew by its schedule: log on again")
	}
	if err := s.Engine.Close(bounded); err != nil {
		return err
	}
	s.Farewell("")
	if err := s.renew(now); err != nil {
		return err
	}
	return s.Prepare(bounded)
}

const turnBound = 10 * time.Second

func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(max(d, time.Millisecond))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
