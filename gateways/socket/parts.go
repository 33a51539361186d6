package main

import (
	"fmt"

	"fxcore/gateways/internal/duty"
	"fxcore/gateways/socket/internal/front"
	"fxcore/gateways/socket/internal/provider"
	"fxcore/gateways/socket/internal/session"
	"fxcore/lambda/run"
)

// sessions are those that this instance could serve, as they are now.
func sessions(seats []*session.Seat) []duty.Session {
	all := make([]duty.Session, len(seats))
	for i, s := range seats {
		status := s.Status()
		all[i] = duty.Session{Provider: s.Provider().ID, LoggedOn: status.LoggedOn, Since: status.Since}
	}
	return all
}

// show brings a session's state into the health, and into its numbers: provider.ALPHA.logged_on and so on.
func show(app *run.App, s *session.Seat) {
	app.Health.Add("session "+s.Provider().ID, s.Check)
	gauge := func(what string, read func() int64) { app.Health.Gauge("provider."+s.Provider().ID+"."+what, read) }
	gauge("active", func() int64 {
		active, _ := s.Active()
		return oneIf(active)
	})
	gauge("logged_on", func() int64 { return oneIf(s.Status().LoggedOn) })
	gauge("since", func() int64 { return s.Status().Since.UnixMilli() })
	gauge("next_in", func() int64 { return int64(s.Status().NextIn) })
	gauge("next_out", func() int64 { return int64(s.Status().NextOut) })
	gauge("queue", func() int64 { return int64(s.Waiting()) })
}

func oneIf(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

func newFront(app *run.App, cfg settings, seats []*session.Seat) *front.Front {
	behind := make([]front.Seat, len(seats))
	for i, s := range seats {
		behind[i] = s
	}
	f, err := front.New(cfg.Front, behind, app.Health.Counter("front.logins_refused").Add, app.Log)
	if err != nil {
		panic(fmt.Sprintf("settings were not validated: %v", err))
	}
	app.Health.Gauge("front.waiting", func() int64 { n, _ := f.Strangers(); return int64(n) })
	app.Health.Gauge("front.turned_away", func() int64 { _, n := f.Strangers(); return int64(n) })
	return f
}

func ids(providers []provider.Provider) []string {
	names := make([]string, len(providers))
	for i, p := range providers {
		names[i] = p.ID
	}
	return names
}
