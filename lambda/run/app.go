// Package run is the life of a program. It starts the program's parts in order, keeps them running, and stops them in reverse
// order when the program is told to stop or a part fails.
//
//	app := run.New("service", cfg.Base)
//	db := app.Postgres(cfg.Postgres, "service", store.Migrations)
//	app.Go("refresh", refresh)
//	os.Exit(app.Run())
//
// A server that is away does not end the program: the program waits, its health says what for, and it goes on when the server
// is back. A wrong setting ends the program before anything is started.
package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"fxcore/lambda/audit"
	"fxcore/lambda/config"
	"fxcore/lambda/health"
	"fxcore/lambda/log"
)

// How long a part may take to start and to stop, and how long all parts together may take to stop. The last one must be below
// the time that a supervisor allows for a stop.
const (
	startBound = 30 * time.Second
	stopBound  = 10 * time.Second
	graceBound = 25 * time.Second
)

// App is one program. The main function puts it together, in one goroutine, and then runs it once.
type App struct {
	Log    *slog.Logger
	Health *health.Health
	Audit  *audit.Trail
	Source string // "service/replica": names the program in messages and on servers

	base    config.Base
	entries *log.Buffer  // what was logged and the broker does not have yet
	losses  *slog.Logger // tells how many lines were dropped
	parts   []part
	faults  []error                     // what is wrong with the settings
	failed  chan error                  // the error of the first part that failed
	phase   phase                       // for the health
	prepare func(context.Context) error // instead of all parts, where the program is the owner of its schema
}

// part is what is started and stopped together under one name.
type part struct {
	name      string
	start     func(ctx context.Context) error
	stop      func(ctx context.Context) error
	unbounded bool // start waits for a server, for as long as it takes
}

// New returns the program called name, with a logger and a health server, and no parts yet. It also tunes the garbage
// collector, see [tuneMemory].
func New(name string, base config.Base) *App {
	return newApp(name, base, os.Stdout)
}

func newApp(name string, base config.Base, out io.Writer) *App {
	tuneMemory()
	entries := log.NewBuffer()
	app := &App{
		Log:     log.New(log.Both(out, entries), name, base.Replica, base.LogLevel),
		entries: entries,
		losses:  log.New(log.Both(out, entries.Reserved()), name, base.Replica, base.LogLevel),
		Health:  health.New(health.Identity{Service: name, Replica: base.Replica, Version: log.Version()}, time.Now()),
		Audit:   audit.NewTrail(),
		Source:  name + "/" + base.Replica,
		base:    base,
		failed:  make(chan error, 1),
	}
	if base.Profiles {
		app.Health.ServeProfiles()
	}
	app.phase.set("not running yet")
	app.Health.Add("start", app.phase.check)
	return app
}

// Add registers a part with the functions that start and stop it. Both must return when their context ends. Either may be
// nil.
func (a *App) Add(name string, start, stop func(ctx context.Context) error) {
	a.parts = append(a.parts, part{name: name, start: start, stop: stop})
}

// Go registers a loop as a part. To stop the loop, its context ends; it must then return soon. If a loop returns an error
// before that, the program ends. If it returns nil, it has finished, and the program goes on.
func (a *App) Go(name string, loop func(ctx context.Context) error) {
	var cancel context.CancelFunc
	done := make(chan struct{})
	start := func(ctx context.Context) error {
		ctx, cancel = context.WithCancel(context.WithoutCancel(ctx)) //nolint:gosec // stop calls it
		go func() {
			defer close(done)
			if err := loop(ctx); err != nil && ctx.Err() == nil {
				a.fail(fmt.Errorf("%s: %w", name, err))
			}
		}()
		return nil
	}
	stop := func(ctx context.Context) error {
		cancel()
		select {
		case <-done:
			return nil
		case <-ctx.Done():
			return errors.New("did not end in time")
		}
	}
	a.Add(name, start, stop)
}

// Await registers a step that is tried until it succeeds: for ever, with growing pauses. The parts after it wait. Meanwhile
// the program is not ready, and its health says why.
func (a *App) Await(name string, step func(ctx context.Context) error) {
	start := func(ctx context.Context) error {
		return forever(ctx, func(ctx context.Context) error {
			err := step(ctx)
			if a.phase.waiting(name, err) && err != nil {
				a.Log.Warn("waiting for a server", "labels.part", name, log.Error(err))
			}
			return err
		})
	}
	a.parts = append(a.parts, part{name: name, start: start, unbounded: true})
}

// Invalid notes a wrong setting that the program has found itself: Run will log it and start nothing.
func (a *App) Invalid(err error) { a.invalid(err) }

// invalid notes a wrong setting: Run will log it and start nothing.
func (a *App) invalid(err error) { a.faults = append(a.faults, err) }

// fail ends the program because of err. Only the first failure counts: the others follow from it.
func (a *App) fail(err error) {
	select {
	case a.failed <- err:
	default:
	}
}
