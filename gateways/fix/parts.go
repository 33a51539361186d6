package main

import (
	"context"
	"fmt"
	"os"

	"fxcore/gateways/fix/internal/dialect"
	"fxcore/gateways/fix/internal/front"
	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/session"
	"fxcore/gateways/fix/internal/variation"
	"fxcore/gateways/internal/duty"
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

// show brings a session's state into the health, and into its's numbers: provider.ALPHA.logged_on and so on.
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
	counts := front.Counts{
		Refused: app.Health.Counter("front.logons_refused").Add,
		Garbled: app.Health.Counter("front.messages_garbled").Add,
		TooLong: app.Health.Counter("front.messages_too_long").Add,
	}
	behind := make([]front.Seat, len(seats))
	for i, s := range seats {
		behind[i] = s
	}
	f, err := front.New(cfg.Front, behind, provider.NewCredentials(cfg.Checks), counts, app.Log)
	if err != nil {
		panic(fmt.Sprintf("settings were not validated: %v", err))
	}
	app.Health.Gauge("front.waiting", func() int64 { waiting, _ := f.Strangers(); return int64(waiting) })
	app.Health.Gauge("front.turned_away", func() int64 { _, away := f.Strangers(); return int64(away) })
	return f
}

// dictionaries are files for as long as the program runs: the engine reads no others.
type dictionaries struct {
	folder string
	paths  map[string]string
}

func newDictionaries() *dictionaries { return &dictionaries{paths: map[string]string{}} }

func (d *dictionaries) write(context.Context) error {
	folder, err := os.MkdirTemp("", "fix-dictionaries-")
	if err != nil {
		return fmt.Errorf("write dictionaries: %w", err)
	}
	d.folder = folder
	paths, err := dialect.WriteDictionaries(folder, variation.Variation{})
	if err != nil {
		return fmt.Errorf("write dictionaries: %w", err)
	}
	for name, path := range paths {
		d.paths[name] = path
	}
	return nil
}

func (d *dictionaries) remove(context.Context) error { return os.RemoveAll(d.folder) }

func ids(providers []provider.Provider) []string {
	names := make([]string, len(providers))
	for i, p := range providers {
		names[i] = p.ID
	}
	return names
}
