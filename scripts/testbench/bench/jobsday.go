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
	reportDay    = "report the day"
)

// jobsBound is how long the jobs of the day may take.
const jobsBound = 15 * time.Minute

// measure runs line checks alone, and then beside the jobs of the day.
func (b *jobsBench) measure(ctx context.Context, date string) error {
	if err := b.beforeMidnight(ctx); err != nil {
		return err
	}
	l, err := b.open(ctx, "c", load.Settings{CheckShare: 100})
	if err != nil {
		return err
	}
	defer l.Close()
	b.tell(fmt.Sprintf("%d line checks a second for %s, and then for %s", b.cfg.CheckRate, seconds(b.cfg.CheckWarmup), seconds(b.cfg.Baseline)))
	if _, err := l.Open(ctx, b.cfg.CheckRate, seconds(b.cfg.CheckWarmup)); err != nil { // until reservations lapse as fast as they are made
		return err
	}
	before, err := l.Open(ctx, b.cfg.CheckRate, seconds(b.cfg.Baseline))
	if err != nil {
		return err
	}
	b.report.Checks = before.Checks
	b.report.LineCheckP50, b.report.LineCheckP99 = millis(before.CheckLatencies, 50), millis(before.CheckLatencies, 99)
	if err := b.wait(ctx, l, date); err != nil {
		return err
	}
	if err := b.beside(ctx, l, date); err != nil {
		return err
	}
	return b.night(ctx, date)
}

// spare is the time between the line checks alone and midnight, at least.
const spare = 10 * time.Second

// beforeMidnight moves the bank's clock to shortly before the day, so that it begins by itself: a jump would have all programs read the
// static data anew, beside the jobs.
func (b *jobsBench) beforeMidnight(ctx context.Context) error {
	return b.turn(ctx, func(ctx context.Context) error {
		at, err := b.day.Look(ctx)
		if err != nil {
			return err
		}
		minutes := int((seconds(b.cfg.CheckWarmup)+seconds(b.cfg.Baseline)+follow+spare)/time.Minute) + 1
		return b.day.Jump(ctx, at.Now.Format(time.DateOnly), fmt.Sprintf("23:%02d", 60-minutes))
	})
}

// wait makes line checks that do not count until the day begins. Those before the jobs would make the ones beside them look faster.
func (b *jobsBench) wait(ctx context.Context, l *load.Load, date string) error {
	begins, err := midnight(date)
	if err != nil {
		return err
	}
	waiting, cancel := context.WithTimeout(ctx, begins.Sub(b.now()))
	defer cancel()
	_, err = l.Until(ctx, waiting, b.cfg.CheckRate)
	return err
}

// beside runs the jobs while line checks go on, in one loop: late answers hold up no further check.
func (b *jobsBench) beside(ctx context.Context, l *load.Load, date string) error {
	working, stop := context.WithCancel(ctx)
	defer stop()
	var checks load.Result
	checked := make(chan error, 1)
	go func() {
		var err error
		checks, err = l.Until(ctx, working, b.cfg.CheckRate)
		checked <- err
	}()
	err := b.jobs(ctx, date)
	stop()
	err = errors.Join(err, <-checked)
	b.report.ChecksJobs, b.report.Rejected, b.report.Reason = checks.Checks, checks.Rejected, checks.Reason
	b.report.LineCheckJ50, b.report.LineCheckJobs = millis(checks.CheckLatencies, 50), millis(checks.CheckLatencies, 99)
	return err
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
	if err := b.byHand(ctx, report.Balance, balanceBooks, "desks", peak); err != nil {
		return fmt.Errorf("balance: %w", err)
	}
	if err := b.byHand(ctx, report.DayReport, reportDay, "value dates", peak); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := b.recompute(ctx); err != nil {
		return fmt.Errorf("recompute: %w", err)
	}
	return nil
}

// execute waits for the day, and until all that is due is confirmed by the mainframe.
func (b *jobsBench) execute(ctx context.Context, date string, peak *jobs.Peak) error {
	midnight, err := midnight(date)
	if err != nil {
		return err
	}
	peak.Take()
	var last jobs.Executed
	err = jobs.Await(ctx, func(ctx context.Context) (bool, error) {
		if ended, err := b.day.Ended(ctx, date); err != nil || !ended {
			return false, err
		}
		last, err = b.day.Executed(ctx, date)
		return last.Left() == 0, err
	})
	ended := time.Now()
	if err != nil {
		return fmt.Errorf("%+v: %w", last, err)
	}
	ran, err := b.day.Run(ctx, executeDue, midnight)
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

// midnight returns when a date begins in Frankfurt.
func midnight(date string) (time.Time, error) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		return time.Time{}, err
	}
	return time.ParseInLocation(time.DateOnly, date, zone)
}

// byHand has a job of settlement done, as on-call does, and adds it to the report under a name.
func (b *jobsBench) byHand(ctx context.Context, name, job, unit string, peak *jobs.Peak) error {
	began := b.now().Add(-time.Minute)
	core, err := b.core()
	if err != nil {
		return err
	}
	if _, err := core.Command(ctx, "settlement", "job", "start", "-reason", "measured", job); err != nil {
		return err
	}
	var ran jobs.Ran
	err = jobs.Await(ctx, func(ctx context.Context) (bool, error) {
		var err error
		ran, err = b.day.Run(ctx, job, began)
		return !ran.Began.IsZero(), err
	})
	b.report.Add(name, ran.Done, unit, ran.Took, peak.Take())
	return err
}

// night begins the next day: what the mainframe moved is compared with its statement. Line checks have ended: the jump disturbs them.
func (b *jobsBench) night(ctx context.Context, date string) error {
	ctx, cancel := context.WithTimeout(ctx, jobsBound)
	defer cancel()
	begins, err := midnight(date)
	if err != nil {
		return err
	}
	peak := jobs.Watch(ctx, b.peers("settlement")...)
	defer peak.Stop()
	next := begins.AddDate(0, 0, 1)
	if err := b.day.Jump(ctx, next.Format(time.DateOnly), ""); err != nil {
		return err
	}
	var compared int
	err = jobs.Await(ctx, func(ctx context.Context) (finished bool, err error) {
		compared, b.report.Differences, finished, err = b.day.Compared(ctx, date)
		return finished, err
	})
	ended := time.Now()
	if err != nil {
		return fmt.Errorf("reconcile: %d movements compared: %w", compared, err)
	}
	ran, err := b.day.Run(ctx, reconcile, next)
	b.report.Add(report.Reconcile, compared, "movements", ended.Sub(ran.Began), peak.Take())
	return err
}

func millis(h *hdrhistogram.Histogram, quantile float64) float64 {
	return float64(h.ValueAtQuantile(quantile)) / 1e3
}
