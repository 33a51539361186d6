package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"fxcore/scripts/testbench/bench/internal/jobs"
	"fxcore/scripts/testbench/bench/internal/load"
	"fxcore/scripts/testbench/bench/internal/report"
)

// The jobs of settlement that are measured, by their names.
const (
	executeDue   = "execute due trades"
	balanceBooks = "balance books"
	reconcile    = "reconcile with the mainframe"
)

// jobsBound is how long the jobs of the day may take.
const jobsBound = 15 * time.Minute

// measure runs line checks alone, and then beside the jobs of the day.
func (b *jobsBench) measure(ctx context.Context, date string) error {
	l, err := b.open(ctx, "c", load.Settings{CheckShare: 100})
	if err != nil {
		return err
	}
	defer l.Close()
	b.tell(fmt.Sprintf("%d line checks a second for %s", b.cfg.CheckRate, seconds(b.cfg.Baseline)))
	before, err := l.Open(ctx, b.cfg.CheckRate, seconds(b.cfg.Baseline))
	if err != nil {
		return err
	}
	b.report.Checks = before.Checks
	b.report.LineCheckP50, b.report.LineCheckP99 = millis(before.CheckLatencies, 50), millis(before.CheckLatencies, 99)
	return b.beside(ctx, l, date)
}

// beside runs the jobs while line checks go on.
func (b *jobsBench) beside(ctx context.Context, l *load.Load, date string) error {
	working, stop := context.WithCancel(ctx)
	defer stop()
	checked := make(chan error, 1)
	all := hdrhistogram.New(1, 300_000_000, 3)
	go func() { checked <- b.check(working, l, all) }()
	err := b.jobs(ctx, date)
	stop()
	err = errors.Join(err, <-checked)
	b.report.LineCheckJ50, b.report.LineCheckJobs = millis(all, 50), millis(all, 99)
	return err
}

// checkFor is the length of one part of the line checks beside the jobs.
const checkFor = 5 * time.Second

// check makes line checks until ctx ends.
func (b *jobsBench) check(ctx context.Context, l *load.Load, all *hdrhistogram.Histogram) error {
	for ctx.Err() == nil {
		part, err := l.Open(ctx, b.cfg.CheckRate, checkFor)
		if ctx.Err() == nil && err != nil {
			return err
		}
		all.Merge(part.CheckLatencies)
		b.report.ChecksJobs += part.Checks
		b.report.Rejected += part.Rejected
		if part.Reason != "" {
			b.report.Reason = part.Reason
		}
	}
	return nil
}

// jobs runs the jobs of the day.
func (b *jobsBench) jobs(ctx context.Context, date string) error {
	ctx, cancel := context.WithTimeout(ctx, jobsBound)
	defer cancel()
	peak := jobs.Watch(ctx, b.peers("settlement")...)
	defer peak.Stop()
	if err := b.execute(ctx, date, peak); err != nil {
		return fmt.Errorf("execute: %w", err)
	}
	if err := b.night(ctx, date, peak); err != nil {
		return fmt.Errorf("the night: %w", err)
	}
	if err := b.recompute(ctx); err != nil {
		return fmt.Errorf("recompute: %w", err)
	}
	b.report.Missing = append(b.report.Missing, report.DayReport)
	return nil
}

// execute begins the day, and waits until all that is due is confirmed by the mainframe.
func (b *jobsBench) execute(ctx context.Context, date string, peak *jobs.Peak) error {
	peak.Take()
	if err := b.jump(ctx, date); err != nil {
		return err
	}
	at := b.now()
	var last jobs.Executed
	err := jobs.Await(ctx, func(ctx context.Context) (ended bool, err error) {
		last, err = b.day.Executed(ctx, date)
		return last.Left() == 0, err
	})
	ended := time.Now()
	if err != nil {
		return fmt.Errorf("%+v: %w", last, err)
	}
	ran, err := b.day.Run(ctx, executeDue, at.Truncate(time.Minute).Add(-5*time.Minute))
	if err != nil {
		return err
	}
	b.report.Failed = last.Failed
	if b.report.Movements, err = b.day.Count(ctx, "select count(*) from settlement.movement where value_date = $1::date", date); err != nil {
		return err
	}
	b.report.Add(report.Execute, last.Settled, "legs", ended.Sub(ran.Began), peak.Take())
	b.tell(fmt.Sprintf("executed and confirmed: %d legs in %.1f s; instructed in %.1f s", last.Settled, ended.Sub(ran.Began).Seconds(), ran.Took.Seconds()))
	return nil
}

// jump moves the bank's clock. The line checks follow at once.
func (b *jobsBench) jump(ctx context.Context, date string) error {
	if err := b.day.Jump(ctx, date, ""); err != nil {
		return err
	}
	at, err := b.day.Look(ctx)
	b.ahead.Store(int64(at.Ahead()))
	return err
}

// night begins the next day: books are balanced, and the day's movements are compared with the mainframe's statement.
func (b *jobsBench) night(ctx context.Context, date string, peak *jobs.Peak) error {
	begins, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return err
	}
	if err := b.jump(ctx, begins.AddDate(0, 0, 1).Format(time.DateOnly)); err != nil {
		return err
	}
	var compared, differences int
	err = jobs.Await(ctx, func(ctx context.Context) (finished bool, err error) {
		compared, differences, finished, err = b.day.Compared(ctx, date)
		return finished, err
	})
	ended := time.Now()
	if err != nil {
		return fmt.Errorf("reconciliation, %d compared: %w", compared, err)
	}
	b.report.Differences = differences
	statement, err := b.day.Run(ctx, reconcile, begins.AddDate(0, 0, 1))
	if err != nil {
		return err
	}
	b.report.Add(report.Reconcile, compared, "movements", ended.Sub(statement.Began), peak.Take())
	return b.balanced(ctx, begins, peak)
}

func (b *jobsBench) balanced(ctx context.Context, begins time.Time, peak *jobs.Peak) error {
	var ran jobs.Ran
	err := jobs.Await(ctx, func(ctx context.Context) (bool, error) {
		var err error
		ran, err = b.day.Run(ctx, balanceBooks, begins)
		return !ran.Began.IsZero(), err
	})
	if err != nil {
		return fmt.Errorf("balance: %w", err)
	}
	b.report.Add(report.Balance, ran.Done, "desks", ran.Took, peak.Take())
	return nil
}

func millis(h *hdrhistogram.Histogram, quantile float64) float64 {
	return float64(h.ValueAtQuantile(quantile)) / 1e3
}
