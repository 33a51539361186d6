package run

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"fxcore/lambda/log"
)

// Run starts all parts, waits for SIGTERM, SIGINT or the failure of a part, stops what was started, and returns the
// process's exit code. A second signal ends the process at once.
//
// A word on the command line that nobody has read starts nothing: who has misspelled a command must not get one more replica.
func (a *App) Run() int {
	if len(os.Args) > 1 && !flag.Parsed() {
		_, _ = fmt.Fprintf(os.Stderr, "%s: not understood: %q. Without arguments it is the service; its README lists its commands.\n",
			filepath.Base(os.Args[0]), os.Args[1:])
		return exitInvalid
	}
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
	if a.prepare != nil {
		return a.prepareOnce(ctx)
	}
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
