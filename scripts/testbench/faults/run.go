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

// errFailed says that there were violations, which have been shown.
var errFailed = errors.New("there were violations")

// runner makes one run after the other.
type runner struct {
	settings
	core     *trial.Core
	report   report.Report
	out      io.Writer
	progress io.Writer
	since    int // runs since the core began anew; 0: it does not run
}

// run makes all runs. It ends early when ctx ends, or when no core can be started.
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
		plan := schedule.Draw(r.seed + uint64(i)) //nolint:gosec // not negative
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

// keep keeps what a failed run leaves, and nothing of any other: of an earlier try of its seed neither.
func (r *runner) keep(result report.Run, evidence oracle.Evidence) error {
	folder := filepath.Join(r.folder, fmt.Sprintf("seed-%d", result.Seed))
	if len(result.Violations) == 0 {
		return os.RemoveAll(folder)
	}
	r.failed(result, folder)
	return r.core.Keep(folder, result, evidence)
}

// ready starts an empty core where there is none, and after so many runs: the evidence must be complete, and grows.
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
	_, _ = fmt.Fprintf(r.progress, "an empty core after %.1f s\n", time.Since(began).Seconds())
	return nil
}

const shown = 10 // violations of a run; all are in run.json

// failed shows what was wrong. The core has seen too much to go on with.
func (r *runner) failed(result report.Run, folder string) {
	for i, v := range result.Violations {
		if i == shown {
			_, _ = fmt.Fprintf(r.out, "  and %d more\n", len(result.Violations)-shown)
			break
		}
		_, _ = fmt.Fprintf(r.out, "  %s\n", v)
	}
	_, _ = fmt.Fprintf(r.out, "  logs, records and all violations: %s; again: make faults SEED=%d RUNS=1\n", folder, result.Seed)
	r.since = r.fresh
}

// place is where a core of our own may run: the folder of our programs and its own; release lets others have it.
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

// lock keeps two runners apart.
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
		return nil, fmt.Errorf("another run is under way in %s", folder)
	}
	return func() { _ = file.Close() }, nil
}
