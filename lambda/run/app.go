// Package run is the life of a program: it starts its parts in order, keeps them going, and stops them in reverse order
// when it is told to, or when one of them fails.
//
//	app := run.New("service", cfg.Base)
//	db := app.Postgres(cfg.Postgres, "service", store.Migrations)
//	app.Go("refresh", refresh)
//	os.Exit(app.Run())
//
// A server that is away does not end the program: it waits, says in its health what it waits for, and goes on when the
// server is back. A wrong setting does end it, before anything is started.
package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"fxcore/lambda/config"
	"fxcore/lambda/health"
	"fxcore/lambda/log"
)

// Bounds of the steps of a life. Stopping, all parts together, must fit into the grace that a supervisor gives.
const (
	startBound = 30 * time.Second
	stopBound  = 10 * time.Second
	graceBound = 25 * time.Second
)

// App is one program. It is put together by one goroutine, in main, and then run once.
type App struct {
	Log    *slog.Logger
	Health *health.Health
	Source string // "service/replica": who publishes, and how connections show on servers

	base   config.Base
	parts  []part
	faults []error    // what is wrong with the settings
	failed chan error // the first part that ended by itself
	phase  phase      // for the health
}

// part is what is started and stopped together under one name.
type part struct {
	name      string
	start     func(ctx context.Context) error
	stop      func(ctx context.Context) error
	unbounded bool // start may take as long as it needs: it waits for a server
}

// New returns the program called name, with a logger and a health server, and nothing else to do yet. It also sets how
// the garbage collector works, see [tuneMemory].
func New(name string, base config.Base) *App {
	return newApp(name, base, os.Stdout)
}

func newApp(name string, base config.Base, out io.Writer) *App {
	tuneMemory()
	app := &App{
		Log:    log.New(out, name, base.Replica, base.LogLevel),
		Health: health.New(health.Identity{Service: name, Replica: base.Replica, Version: log.Version()}, time.Now()),
		Source: name + "/" + base.Replica,
		base:   base,
		failed: make(chan error, 1),
	}
	app.phase.set("not running yet")
	app.Health.Add("start", app.phase.check)
	return app
}

// Add registers a part that is started by one function and stopped by another. Both must return when their context
// ends. Either may be nil.
func (a *App) Add(name string, start, stop func(ctx context.Context) error) {
	a.parts = append(a.parts, part{name: name, start: start, stop: stop})
}

// Go registers a loop: it is started in its turn, and stopped by the end of its context, after which it must return
// soon. A loop that returns an error while it should go on ends the program; one that returns nil has simply finished.
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

// Await registers a step that is tried until it succeeds, for ever, with growing pauses; the parts after it wait.
// Meanwhile the health says what it waits for.
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

// invalid remembers a setting that is wrong: Run will say so and start nothing.
func (a *App) invalid(err error) { a.faults = append(a.faults, err) }

// fail ends the program because of err. Only the first failure counts: the others follow from it.
func (a *App) fail(err error) {
	select {
	case a.failed <- err:
	default:
	}
}
