package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"fxcore/scripts/internal/bankday"
	"fxcore/scripts/testbench/bench/internal/crowd"
	"fxcore/scripts/testbench/bench/internal/mix"
	"fxcore/scripts/testbench/bench/internal/raw"
	"fxcore/scripts/testbench/bench/internal/report"
	"fxcore/scripts/testbench/bench/internal/settings"
)

// apiBench measures trades that are asked for at once by the HTTP interface.
type apiBench struct {
	cfg    settings.Settings
	out    io.Writer
	report report.API
}

func newAPIBench(cfg settings.Settings, out io.Writer) *apiBench {
	return &apiBench{cfg, out, report.API{Trades: cfg.Burst, At: time.Now().UTC().Truncate(time.Second)}}
}

// measureAPI returns the process's exit code, as measure does. It is also 1 if a trade was not registered.
func measureAPI(ctx context.Context, cfg settings.Settings) int {
	b := newAPIBench(cfg, os.Stdout)
	err := b.run(ctx)
	return conclude(&b.report, b.report.Write, cfg, err)
}

// errNotRegistered says that a trade was refused.
var errNotRegistered = errors.New("not all trades are registered")

// run runs the raw chain and the burst in turns. A burst before them warms the core up.
func (b *apiBench) run(ctx context.Context) (err error) {
	defer b.report.Finish()
	callers, err := b.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, callers.Close()) }()
	b.say("%d trades at once, to warm up", b.cfg.Burst)
	if _, err := callers.Burst(ctx, b.cfg.Burst); err != nil {
		return fmt.Errorf("warm-up: %w", err)
	}
	refused := 0
	for range b.cfg.Runs {
		burst, err := b.once(ctx, callers)
		if err != nil {
			return err
		}
		refused += burst.Refused
	}
	if refused > 0 {
		return fmt.Errorf("%w: %d were refused", errNotRegistered, refused)
	}
	return nil
}

func (b *apiBench) open(ctx context.Context) (*crowd.Crowd, error) {
	if b.cfg.API == "" {
		return nil, settings.ErrNotRunning
	}
	prices, err := mix.NewPrices()
	if err != nil {
		return nil, err
	}
	now, err := b.clock(ctx)
	if err != nil {
		return nil, err
	}
	b.say("logging in at %s", b.cfg.API)
	return crowd.Open(ctx, crowd.Settings{
		URL: b.cfg.API, Folder: b.cfg.Folder, Prices: prices, Clock: now, Run: "bench" + strconv.FormatInt(time.Now().Unix(), 36),
	})
}

// clock returns the bank's clock, which may be ahead of real time: the prices are those of its moment.
func (b *apiBench) clock(ctx context.Context) (func() time.Time, error) {
	if b.cfg.Control == "" {
		return time.Now, nil
	}
	at, err := bankday.At(b.cfg.Control).Look(ctx)
	if err != nil {
		return nil, err
	}
	return func() time.Time { return time.Now().Add(at.Ahead()) }, nil
}

// once runs the raw chain and the burst once each.
func (b *apiBench) once(ctx context.Context, callers *crowd.Crowd) (crowd.Result, error) {
	chain, err := b.raw(ctx)
	if err != nil {
		return crowd.Result{}, err
	}
	burst, err := callers.Burst(ctx, b.cfg.Burst)
	run := b.report.Add(chain, burst)
	b.say("%d trades at once: %.2f s; the raw chain: %.2f s", b.cfg.Burst, run.Seconds, run.RawChain)
	return burst, err
}

// warmTrades are so few that what is left to do of them does not slow the burst down.
const warmTrades = 50

// raw runs the raw chain once, after it is warm.
func (b *apiBench) raw(ctx context.Context) (result raw.Result, err error) {
	chain, err := raw.Open(ctx, raw.Settings{AMQP: b.cfg.AMQP, Postgres: b.cfg.AdminPostgres, Origins: b.cfg.Sessions})
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, chain.Close(context.WithoutCancel(ctx))) }()
	if _, err := chain.Burst(ctx, warmTrades); err != nil {
		return result, err
	}
	return chain.Burst(ctx, b.cfg.Burst)
}

func (b *apiBench) say(format string, values ...any) {
	_, _ = fmt.Fprintf(b.out, time.Now().Format("15:04:05 ")+format+"\n", values...) // to a terminal
}
