package main

import (
	"context"
	"errors"
	"io"

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
	if err = errors.Join(err, s.writeBench("starved.json", r)); err == nil && !r.Well() {
		return errFailed
	}
	return err
}
