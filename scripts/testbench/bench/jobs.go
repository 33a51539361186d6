package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"fxcore/scripts/internal/pause"
	"fxcore/scripts/internal/stack"
	"fxcore/scripts/testbench/bench/internal/jobs"
	"fxcore/scripts/testbench/bench/internal/load"
	"fxcore/scripts/testbench/bench/internal/mix"
	"fxcore/scripts/testbench/bench/internal/raw"
	"fxcore/scripts/testbench/bench/internal/report"
	"fxcore/scripts/testbench/bench/internal/settings"
)

// jobsBench measures the jobs of a day on which many legs are due.
type jobsBench struct {
	cfg    settings.Settings
	out    io.Writer
	prices *mix.Prices
	day    *jobs.Day
	ahead  atomic.Int64 // how far the bank's clock is ahead, in nanoseconds
	report report.Jobs
}

// measureJobs returns the process's exit code, as measure does.
func measureJobs(ctx context.Context, cfg settings.Settings) int {
	b := &jobsBench{cfg: cfg, out: os.Stdout, report: report.Jobs{CheckRate: cfg.CheckRate, At: time.Now().UTC().Truncate(time.Second)}}
	err := b.run(ctx)
	return conclude(&b.report, b.report.Write, cfg, err)
}

func (b *jobsBench) run(ctx context.Context) (err error) {
	if b.prices, err = mix.NewPrices(); err != nil {
		return err
	}
	if b.day, err = jobs.Open(ctx, jobs.Place{Control: b.cfg.Control, Postgres: b.cfg.Postgres, API: b.cfg.API, Folder: b.cfg.Folder}, b.tell); err != nil {
		return err
	}
	defer b.day.Close(context.WithoutCancel(ctx))
	before, err := b.raw(ctx)
	if err != nil {
		return err
	}
	if err := b.turn(ctx, b.day.End); err != nil { // so that all legs have one trade date
		return err
	}
	if err := b.fill(ctx); err != nil {
		return err
	}
	date, legs, err := b.day.Due(ctx)
	if err != nil {
		return err
	}
	b.report.Legs = legs
	b.tell(fmt.Sprintf("%d legs are due on %s", legs, date))
	if err := b.until(ctx, date); err != nil {
		return err
	}
	if err := b.measure(ctx, date); err != nil {
		return err
	}
	after, err := b.raw(ctx)
	b.report.Raw(before, after)
	return err
}

// raw returns the rate of the raw chain, after it is warm.
func (b *jobsBench) raw(ctx context.Context) (perSecond float64, err error) {
	chain, err := raw.Open(ctx, raw.Settings{AMQP: b.cfg.AMQP, Postgres: b.cfg.AdminPostgres, Origins: b.cfg.Sessions})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, chain.Close(context.WithoutCancel(ctx))) }()
	if _, err := chain.Closed(ctx, b.cfg.InFlight, seconds(b.cfg.RawDuration)/5); err != nil {
		return 0, err
	}
	result, err := chain.Closed(ctx, b.cfg.InFlight, seconds(b.cfg.RawDuration))
	b.tell(fmt.Sprintf("the raw chain: %.0f a second", result.PerSecond()))
	return result.PerSecond(), err
}

// now is the bank's clock.
func (b *jobsBench) now() time.Time { return time.Now().Add(time.Duration(b.ahead.Load())) }

func (b *jobsBench) tell(line string) {
	_, _ = fmt.Fprintln(b.out, time.Now().Format("15:04:05"), line) // to a terminal
}

// follow is how long the core may take to follow a jump of the clock.
const follow = 4 * time.Second

// turn moves the bank's clock, and waits until the core follows.
func (b *jobsBench) turn(ctx context.Context, move func(context.Context) error) error {
	if err := move(ctx); err != nil {
		return err
	}
	at, err := b.day.Look(ctx)
	if err != nil {
		return err
	}
	b.ahead.Store(int64(at.Ahead()))
	if !pause.For(ctx, follow) {
		return ctx.Err()
	}
	return nil
}

// fillFor is how long the load runs between two looks at how many legs there are.
const fillFor = 5 * time.Second

// fill has providers deal forwards of one week until enough legs are there. They take the way of every trade: each has its
// reservation, its booking and its obligation.
func (b *jobsBench) fill(ctx context.Context) error {
	l, err := b.open(ctx, "f", load.Settings{Due: true})
	if err != nil {
		return err
	}
	defer l.Close()
	for began := time.Now(); ; {
		n, err := b.day.Count(ctx, "select count(*) from settlement.obligation where state = 'open'")
		if err != nil {
			return err
		}
		if n >= b.cfg.Legs {
			b.tell(fmt.Sprintf("%d trades in %.0f s", n, time.Since(began).Seconds()))
			break
		}
		result, err := l.Closed(ctx, b.cfg.InFlight, fillFor)
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		if result.Trades == 0 {
			return fmt.Errorf("no trade is accepted: %s", result.Reason)
		}
	}
	return jobs.Await(ctx, func(ctx context.Context) (bool, error) { // until the mainframe has booked all, and nothing is under way
		n, err := b.day.Count(ctx, "select count(*) from trading.trade where booking_reference is null and version = 1")
		return n == 0, err
	})
}

func (b *jobsBench) open(ctx context.Context, run string, s load.Settings) (*load.Load, error) {
	s.Address, s.Sessions, s.Prices, s.Clock = b.cfg.FIX, b.cfg.Sessions, b.prices, b.now
	s.Run = run + strconv.FormatInt(time.Now().Unix(), 36)
	return load.Open(ctx, s)
}

// until runs days until the last one before a date has begun.
func (b *jobsBench) until(ctx context.Context, date string) error {
	for {
		at, err := b.day.Look(ctx)
		if err != nil {
			return err
		}
		if at.Now.AddDate(0, 0, 1).Format(time.DateOnly) >= date {
			return b.turn(ctx, func(context.Context) error { return nil })
		}
		if err := b.turn(ctx, b.day.End); err != nil {
			return err
		}
	}
}

// peers returns the processes of a service.
func (b *jobsBench) peers(service string) []int {
	var pids []int
	for _, p := range b.cfg.Processes {
		if p.Name == service {
			pids = append(pids, p.PID)
		}
	}
	return pids
}

// core returns the core, to run its programs as on-call does.
func (b *jobsBench) core() (*stack.Stack, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own program: %w", err)
	}
	return &stack.Stack{Folder: b.cfg.Folder, Bin: filepath.Dir(self)}, nil
}

// recompute has linecheck add up all lines. It is a program of its own, so its memory is known when it has ended.
func (b *jobsBench) recompute(ctx context.Context) error {
	core, err := b.core()
	if err != nil {
		return err
	}
	began := time.Now()
	if _, err := core.Command(ctx, "linecheck", "-recompute"); err != nil {
		return err
	}
	took := time.Since(began)
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &used); err != nil {
		return fmt.Errorf("measure memory: %w", err)
	}
	n, err := b.day.Count(ctx, "select count(*) from linecheck.reservation")
	b.report.Add(report.Recompute, n, "reservations", took, float64(used.Maxrss)/(1<<10))
	return err
}
