package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"fxcore/scripts/testbench/faults/internal/failover"
	"fxcore/scripts/testbench/faults/internal/report"
	"fxcore/scripts/testbench/faults/internal/trial"
)

// failovers measures failovers on an empty core and writes the report to .run/bench/failover.json.
func failovers(ctx context.Context, s settings, out, progress io.Writer) error {
	bin, folder, release, err := place(&s)
	if err != nil {
		return err
	}
	defer release()
	core := trial.Direct(bin, folder, progress)
	defer func() { _ = core.Close() }()
	if err := core.Start(ctx); err != nil {
		return err
	}
	r, err := failover.Measure(ctx, core, failover.Setting{
		Kinds: strings.Split(s.gateways, ","), Runs: s.failovers, Rate: s.rate, Out: progress,
	})
	r.Print(out)
	if err = errors.Join(err, s.writeBench("failover.json", r)); err == nil && !r.Well() {
		return errFailed
	}
	return err
}

// writeBench writes a report beside those of the benches.
func (s settings) writeBench(name string, r any) error {
	folder := filepath.Join(s.folder, "..", "bench")
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	return report.WriteJSON(filepath.Join(folder, name), r)
}
