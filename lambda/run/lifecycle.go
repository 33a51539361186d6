package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"fxcore/lambda/health"
	"fxcore/lambda/log"
)

// The codes that Run returns.
const (
	exitDone    = 0
	exitFailed  = 1 // a part failed: a supervisor may start the program again
	exitInvalid = 2 // the settings are wrong: starting again does not help
	exitForced  = 130
)

// Run starts all parts, waits for SIGTERM, SIGINT or the failure of a part, stops what was started, and returns the
// process's exit code. A second signal ends the process at once.
func (a *App) Run() int {
	if err := errors.Join(a.faults...); err != nil {
		a.Log.Error("settings are not valid", log.Error(err))
		return exitInvalid
	}
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	defer signal.Stop(signals)
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	ended := make(chan struct{})
	defer close(ended)
	go a.obey(signals, ended, cancel)
	return a.live(ctx)
}

// obey cancels at the first signal and ends the process at the second.
func (a *App) obey(signals <-chan os.Signal, ended <-chan struct{}, cancel context.CancelCauseFunc) {
	select {
	case s := <-signals:
		cancel(fmt.Errorf("signal: %s", s))
	case <-ended:
		return
	}
	select {
	case s := <-signals:
		a.Log.Error("ended at once by a second signal", "labels.signal", s.String())
		os.Exit(exitForced)
	case <-ended:
	}
}

// live is Run without signals: the end of ctx is what asks the program to stop.
func (a *App) live(ctx context.Context) int {
	stopHealth, err := a.serveHealth(ctx)
	if err != nil {
		a.Log.Error("not started", log.Error(err))
		return exitFailed
	}
	defer stopHealth()
	return a.work(ctx)
}

// work starts the parts, waits for the end and stops them.
func (a *App) work(ctx context.Context) int {
	started, err := a.startAll(ctx)
	if err == nil {
		a.phase.set("")
		a.Log.Info("started")
		err = a.untilToldOrFailed(ctx)
	}
	a.phase.set("stopping")
	code := exitDone
	if err != nil && ctx.Err() == nil {
		code = exitFailed
		a.Log.Error("stopping: a part failed", log.Error(err))
	} else {
		a.Log.Info("stopping", "event.reason", fmt.Sprint(context.Cause(ctx)))
	}
	if !a.stopAll(ctx, started) {
		code = exitFailed
	}
	a.Log.Info("stopped")
	return code
}

func (a *App) untilToldOrFailed(ctx context.Context) error {
	select {
	case err := <-a.failed:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// startAll starts the parts in order and returns those that may have to be stopped.
func (a *App) startAll(ctx context.Context) ([]part, error) {
	for i, p := range a.parts {
		a.phase.set("starting " + p.name)
		if err := a.start(ctx, p); err != nil {
			return a.parts[:i], fmt.Errorf("start %s: %w", p.name, err)
		}
	}
	return a.parts, nil
}

// start starts one part. A failure of a part that already runs ends the wait.
func (a *App) start(ctx context.Context, p part) error {
	if p.start == nil {
		return nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stopped := make(chan struct{})
	defer close(stopped)
	go func() {
		select {
		case err := <-a.failed:
			a.fail(err) // for the others who ask
			cancel(err)
		case <-stopped:
		}
	}()
	bounded, release := ctx, func() {}
	if !p.unbounded {
		bounded, release = context.WithTimeout(ctx, startBound)
	}
	defer release()
	err := p.start(bounded)
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return cause
	}
	return err
}

// stopAll stops in reverse order, each part and all of them within a bound, and tells whether every part did.
func (a *App) stopAll(ctx context.Context, started []part) (clean bool) {
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceBound)
	defer cancel()
	clean = true
	for i := len(started) - 1; i >= 0; i-- {
		if err := stop(grace, started[i]); err != nil {
			clean = false
			a.Log.Error("a part does not stop", "labels.part", started[i].name, log.Error(err))
		}
	}
	return clean
}

func stop(ctx context.Context, p part) error {
	if p.stop == nil {
		return nil
	}
	bounded, cancel := context.WithTimeout(ctx, stopBound)
	defer cancel()
	return p.stop(bounded)
}

// serveHealth starts before all parts and ends after them, so that the whole life can be watched.
func (a *App) serveHealth(ctx context.Context) (stop func(), err error) {
	listener, err := health.Listen(ctx, a.base.HealthAddr)
	if err != nil {
		return nil, err
	}
	a.Log.Info("health is served", "server.address", listener.Addr().String())
	serving, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := a.Health.Serve(serving, listener); err != nil {
			a.fail(err)
		}
	}()
	return func() { cancel(); <-done }, nil
}
