package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"fxcore/scripts/internal/pause"
	"fxcore/scripts/internal/stack"
	"fxcore/scripts/testbench/bench/internal/load"
	"fxcore/scripts/testbench/bench/internal/mix"
	"fxcore/scripts/testbench/bench/internal/report"
	"fxcore/scripts/testbench/bench/internal/settings"
	"fxcore/scripts/testbench/oracle/stores"
)

// watch kills tracing and its store under a steady load, and then keeps the stores of traces and logs away. It measures what providers
// notice, and whether journal and logs are complete afterwards.
type watch struct {
	cfg    settings.Settings
	core   *stack.Stack
	load   *load.Load
	out    io.Writer
	report report.Watch
}

// measureWatch returns the exit code, as measure does.
func measureWatch(ctx context.Context, cfg settings.Settings) int {
	w := &watch{cfg: cfg, out: os.Stdout, report: report.Watch{Rate: cfg.WatchRate, At: time.Now().UTC().Truncate(time.Second)}}
	err := w.run(ctx)
	return conclude(&w.report, w.report.Write, cfg, err)
}

// calmFor is the length of the load before the first kill: what the others are compared with.
const calmFor = 30 * time.Second

func (w *watch) run(ctx context.Context) (err error) {
	if w.core, err = running(w.cfg); err != nil {
		return err
	}
	prices, err := mix.NewPrices()
	if err != nil {
		return err
	}
	w.load, err = load.Open(ctx, load.Settings{
		Address: w.cfg.FIX, Sessions: w.cfg.Sessions, CheckShare: w.cfg.Checks, Prices: prices, Run: "w" + strconv.FormatInt(time.Now().Unix(), 36),
	})
	if err != nil {
		return err
	}
	defer w.load.Close()
	if _, err := w.load.Open(ctx, w.cfg.WatchRate, seconds(w.cfg.Warmup)); err != nil {
		return fmt.Errorf("warm-up: %w", err)
	}
	return errors.Join(w.parts(ctx), w.account())
}

// parts are the parts of the measurement, one after the other.
func (w *watch) parts(ctx context.Context) error {
	killing := time.Duration(w.cfg.Trades) * time.Second / time.Duration(w.cfg.WatchRate)
	if err := w.part(ctx, "nothing harmed", calmFor, func(context.Context) error { return nil }); err != nil {
		return err
	}
	if err := w.part(ctx, "killed: "+fmt.Sprint(killed()), killing, w.kill); err != nil {
		return err
	}
	if err := w.complete(ctx, &w.report.AfterKills); err != nil {
		return err
	}
	if err := w.part(ctx, "away: "+fmt.Sprint(storesOfWatchers()), seconds(w.cfg.Away), w.away); err != nil {
		return err
	}
	return w.complete(ctx, &w.report.AfterAway)
}

// part runs the load for a time while harm does its work.
func (w *watch) part(ctx context.Context, name string, long time.Duration, harm func(context.Context) error) error {
	_, _ = fmt.Fprintf(w.out, "%s %s, for %s\n", time.Now().Format("15:04:05"), name, long)
	harming, end := context.WithTimeout(ctx, long)
	defer end()
	harmed := make(chan error, 1)
	go func() { harmed <- harm(harming) }()
	w.load.Mark()
	result, err := w.load.Open(ctx, w.cfg.WatchRate, long)
	w.report.Add(name, result, w.load.Silence())
	return errors.Join(err, <-harmed)
}

// killed are those that are killed (-9) in turn.
func killed() []string { return []string{"tracing-1", "cassandra", "tracing-2"} }

// storesOfWatchers are those that are kept away together.
func storesOfWatchers() []string { return []string{"cassandra", "elasticsearch"} }

// kill kills in turn until ctx ends. Who does not run yet again is left out.
func (w *watch) kill(ctx context.Context) error {
	for i := 0; pause.For(ctx, seconds(w.cfg.KillEvery)); i++ {
		if _, err := w.core.Kill(killed()[i%len(killed())]); err == nil {
			w.report.Kills++
		}
	}
	return nil
}

func (w *watch) away(ctx context.Context) error { return w.core.HoldDown(ctx, storesOfWatchers()...) }

// complete waits until all processes are ready, the journal has everything and the store of log lines has them all. It walks the journal's chains.
func (w *watch) complete(ctx context.Context, into *report.Complete) error {
	began := time.Now()
	waiting, end := context.WithTimeout(ctx, catchUp)
	defer end()
	if err := w.core.AwaitReady(waiting); err != nil {
		return fmt.Errorf("wait for all processes: %w", err)
	}
	into.Ready = time.Since(began).Seconds()
	j, _, err := caughtUp(ctx, w.cfg)
	into.CaughtUp = time.Since(began).Seconds()
	into.Messages, into.Spans, into.SpansMissing = j.Messages, j.Spans, j.SpansMissing+len(j.Unkept)
	if err != nil {
		return err
	}
	_, err = w.core.Command(ctx, "tracing", "-verify")
	into.Sound = err == nil
	return errors.Join(err, w.lines(waiting, into))
}

// lines waits until no log line is missing of which nobody has said so.
func (w *watch) lines(ctx context.Context, into *report.Complete) error {
	for {
		l, err := stores.LogLines(ctx, w.core)
		if err == nil {
			into.Lines, into.LinesDropped, into.LinesUnsent, into.LinesMissing = l.Written, l.Dropped, l.Unsent, l.Missing
			err = l.Complete()
		}
		if err == nil || !pause.For(ctx, time.Second) {
			return err
		}
	}
}

func (w *watch) account() error {
	t := w.load.Totals()
	w.report.Totals(t)
	if t.Lost+t.Doubled+t.Strange+t.Refused > 0 {
		return fmt.Errorf("%w: %+v", errAccount, t)
	}
	return nil
}
