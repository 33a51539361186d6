package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"fxcore/scripts/testbench/faults/internal/report"
	"fxcore/scripts/testbench/faults/internal/schedule"
	"fxcore/scripts/testbench/faults/internal/trial"
	"fxcore/scripts/testbench/oracle"
)

// errFailed says that there were violations, which were already shown.
var errFailed = errors.New("there were violations")

// runner makes runs, one after the other.
type runner struct {
	settings
	core     *trial.Core
	report   report.Report
	out      io.Writer
	progress io.Writer
	since    int // runs since the last start of the core; 0: no core runs, or it is fresh
}

// run makes all runs. It ends early when ctx ends or a core cannot start.
func run(ctx context.Context, s settings, out, progress io.Writer) error {
	bin, folder, release, err := place(&s)
	if err != nil {
		return err
	}
	defer release()
	core, err := trial.New(ctx, bin, folder, progress)
	if err != nil {
		return err
	}
	r := &runner{settings: s, core: core, out: out, progress: progress, report: report.Report{At: time.Now().UTC()}}
	err = errors.Join(r.all(ctx), core.Close())
	_, _ = fmt.Fprintf(out, "%d passed, %d failed\n", r.report.Passed, r.report.Failed)
	if err == nil && r.report.Failed > 0 {
		return errFailed
	}
	return err
}

func (r *runner) all(ctx context.Context) error {
	for i := range r.runs {
		if err := r.ready(ctx); err != nil {
			return err
		}
		plan := schedule.Draw(r.seed+uint64(i), r.full) //nolint:gosec // not negative
		plan.Deletes = r.deletes
		result, evidence, err := r.core.Try(ctx, plan)
		if err != nil {
			return err
		}
		r.since++
		r.report.Add(result)
		_, _ = fmt.Fprintln(r.out, result.Line())
		if err := errors.Join(r.keep(result, evidence), r.report.Write(filepath.Join(r.folder, "latest.json"))); err != nil {
			return err
		}
	}
	return nil
}

// keep keeps the evidence of a failed run. It deletes the evidence of an earlier run of the same seed.
func (r *runner) keep(result report.Run, evidence oracle.Evidence) error {
	folder := filepath.Join(r.folder, fmt.Sprintf("seed-%d", result.Seed))
	if len(result.Violations) == 0 {
		return os.RemoveAll(folder)
	}
	r.failed(result, folder)
	return r.core.Keep(folder, result, evidence)
}

// ready starts an empty core if none runs, and after r.fresh runs. The evidence must cover the core's whole life, so
// it grows with each run.
func (r *runner) ready(ctx context.Context) error {
	if r.since > 0 && r.since < r.fresh {
		return nil
	}
	if err := r.core.Stop(); err != nil {
		return err
	}
	began := time.Now()
	if err := r.core.Start(ctx); err != nil {
		return err
	}
	r.since = 0
	_, _ = fmt.Fprintf(r.progress, "started an empty core in %.1f s\n", time.Since(began).Seconds())
	return nil
}

const shown = 10 // violations shown of a run; run.json has all

// failed shows what was wrong. The next run gets a new core.
func (r *runner) failed(result report.Run, folder string) {
	for i, v := range result.Violations {
		if i == shown {
			_, _ = fmt.Fprintf(r.out, "  and %d more\n", len(result.Violations)-shown)
			break
		}
		_, _ = fmt.Fprintf(r.out, "  %s\n", v.Detailed())
	}
	_, _ = fmt.Fprintf(r.out, "  logs, records and all violations: %s; repeat: make faults SEED=%d RUNS=1\n",
		folder, result.Seed)
	r.since = r.fresh
}

// place returns the folder of our programs and the core's folder. It locks them until release.
func place(s *settings) (bin, folder string, release func(), err error) {
	if s.folder, err = filepath.Abs(s.folder); err != nil {
		return "", "", nil, fmt.Errorf("find folder: %w", err)
	}
	self, err := os.Executable()
	if err != nil {
		return "", "", nil, fmt.Errorf("find own program: %w", err)
	}
	release, err = lock(s.folder)
	return filepath.Dir(self), filepath.Join(s.folder, "core"), release, err
}

// lock prevents two runners in one folder.
func lock(folder string) (release func(), err error) {
	if err := os.MkdirAll(folder, 0o711); err != nil { //nolint:gosec // servers of other users pass through
		return nil, fmt.Errorf("make folder: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(folder, "lock"), os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // where the caller says
	if err != nil {
		return nil, fmt.Errorf("lock folder: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("another runner uses %s", folder)
	}
	return func() { _ = file.Close() }, nil
}
