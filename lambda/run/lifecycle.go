package run

import (
	"context"
	"fmt"

	"fxcore/lambda/log"
)

// The codes that Run returns.
const (
	exitDone    = 0
	exitFailed  = 1 // a part failed: a supervisor may start the program again
	exitInvalid = 2 // the settings are wrong: starting again does not help
	exitForced  = 130
)

// What every program logs first and, if nothing kills it, last: where the output of one process ends and that of its successor begins.
const (
	FirstMessage = "health is served"
	LastMessage  = "stopped"
)

// live is Run without signals: the program stops when told ends.
func (a *App) live(told context.Context) int {
	stopHealth, err := a.serveHealth(told)
	if err != nil {
		a.Log.Error("not started", log.Error(err))
		return exitFailed
	}
	defer stopHealth()
	return a.work(told)
}

// prepareOnce prepares the schema as its owner, and starts nothing.
func (a *App) prepareOnce(ctx context.Context) int {
	ctx, cancel := context.WithTimeout(ctx, migrateBound)
	defer cancel()
	if err := a.prepare(ctx); err != nil {
		a.Log.Error("the schema is not prepared", log.Error(err))
		return exitFailed
	}
	a.Log.Info("the schema is prepared")
	return exitDone
}

// work starts the parts, waits until the program is told to stop or a part fails, and stops them.
func (a *App) work(told context.Context) int {
	life, end := context.WithCancelCause(told)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case err := <-a.failed:
			end(err)
		case <-life.Done():
		}
	}()
	defer func() { end(nil); <-watched }()
	started, err := a.startAll(life)
	if err == nil {
		a.phase.set("")
		a.Log.Info("started")
		<-life.Done()
	}
	a.phase.set("stopping")
	code := a.sayWhy(told, life, err)
	if !a.stopAll(life, started) {
		code = exitFailed
	}
	a.Log.Info(LastMessage)
	return code
}

// sayWhy logs why the program stops and returns the exit code for that. If the program was told to stop, errors of its parts
// are no failure.
func (a *App) sayWhy(told, life context.Context, err error) int {
	if told.Err() != nil {
		a.Log.Info("stopping", "event.reason", fmt.Sprint(context.Cause(told)))
		return exitDone
	}
	if cause := context.Cause(life); cause != nil {
		err = cause // the failed part, because of which a start was given up
	}
	a.Log.Error("stopping: a part failed", log.Error(err))
	return exitFailed
}

// startAll starts the parts in order. It returns those that were started.
func (a *App) startAll(ctx context.Context) ([]part, error) {
	for i, p := range a.parts {
		a.phase.set("starting " + p.name)
		if err := start(ctx, p); err != nil {
			return a.parts[:i], fmt.Errorf("start %s: %w", p.name, err)
		}
	}
	return a.parts, nil
}

func start(ctx context.Context, p part) error {
	if p.start == nil {
		return nil
	}
	if !p.unbounded {
		bounded, cancel := context.WithTimeout(ctx, startBound)
		defer cancel()
		ctx = bounded
	}
	return p.start(ctx)
}

// stopAll stops the parts in reverse order, each of them and all together within a bound. It tells whether every part stopped.
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
