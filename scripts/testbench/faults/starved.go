package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"fxcore/scripts/testbench/faults/internal/report"
	"fxcore/scripts/testbench/faults/internal/starved"
	"fxcore/scripts/testbench/faults/internal/trial"
)

// starve measures an empty core beside ten busy loops and writes the report to .run/bench/starved.json.
func starve(ctx context.Context, s settings, out, progress io.Writer) error {
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
	r, err := starved.Measure(ctx, core, starved.Setting{For: s.starved, Apart: s.apart, Rate: s.rate})
	r.Print(out)
	bench := filepath.Join(s.folder, "..", "bench")
	if made := os.MkdirAll(bench, 0o750); made != nil {
		return errors.Join(err, fmt.Errorf("make folder: %w", made))
	}
	if err = errors.Join(err, report.WriteJSON(filepath.Join(bench, "starved.json"), r)); err == nil && !r.Well() {
		return errFailed
	}
	return err
}
