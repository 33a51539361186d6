package main

import (
	"context"
	"fmt"
	"os"

	"fxcore/gateways/fix/internal/dialect"
	"fxcore/gateways/fix/internal/front"
	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/session"
	"fxcore/lambda/run"
)

// serve registers a session: started once Postgres can be read, stopped before the front, which still carries the
// Logout out.
func serve(app *run.App, s *session.Session) {
	name := "session " + s.Provider().ID
	app.Add(name, nil, s.Stop)
	app.Await(name, func(ctx context.Context) error { return s.Start(ctx, firstEpoch) })
	app.Health.Add(name, s.Check)
	show(app, s)
}

// show brings a session's state into the health's numbers: provider.ALPHA.logged_on and so on.
func show(app *run.App, s *session.Session) {
	gauge := func(what string, read func() int64) { app.Health.Gauge("provider."+s.Provider().ID+"."+what, read) }
	gauge("logged_on", func() int64 {
		if s.Status().LoggedOn {
			return 1
		}
		return 0
	})
	gauge("since", func() int64 { return s.Status().Since.UnixMilli() })
	gauge("next_in", func() int64 { return int64(s.Status().NextIn) })
	gauge("next_out", func() int64 { return int64(s.Status().NextOut) })
	gauge("queue", func() int64 { return int64(s.Waiting()) })
}

func newFront(app *run.App, cfg settings, sessions []*session.Session) *front.Front {
	counts := front.Counts{
		Refused: app.Health.Counter("front.logons_refused").Add,
		Garbled: app.Health.Counter("front.messages_garbled").Add,
		TooLong: app.Health.Counter("front.messages_too_long").Add,
	}
	behind := make([]front.Session, len(sessions))
	for i, s := range sessions {
		behind[i] = s
	}
	f, err := front.New(cfg.Front, behind, provider.NewCredentials(cfg.Checks), counts, app.Log)
	if err != nil {
		panic(fmt.Sprintf("settings were not validated: %v", err))
	}
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
	paths, err := dialect.WriteDictionaries(folder)
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
