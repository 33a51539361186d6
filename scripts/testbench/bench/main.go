// Command bench measures the core that runs in this clone: trades a second, their latencies, how both compare with
// the same chain of messages and commits without logic, and the CPU and memory that they cost. See README.md.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"

	"fxcore/scripts/testbench/bench/internal/settings"
)

func main() { os.Exit(measure()) }

// measure returns the process's exit code: 0 if everything was measured and every request was answered once, 1 if
// not, 2 if the measurement could not begin.
func measure() int {
	cfg, err := settings.Load()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "bench:", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if slices.Contains(os.Args[1:], "stall") {
		return stall(ctx, cfg)
	}
	if slices.Contains(os.Args[1:], "jobs") {
		return measureJobs(ctx, cfg)
	}
	if slices.Contains(os.Args[1:], "api") {
		return measureAPI(ctx, cfg)
	}
	if slices.Contains(os.Args[1:], "watch") {
		return measureWatch(ctx, cfg)
	}
	b := newBench(cfg, os.Stdout)
	err = b.run(ctx)
	return conclude(&b.report, func(folder string) error { return b.report.Write(folder, b.latencies) }, cfg, err)
}

// stall measures how long providers wait when a replica is killed. Its exit codes are those of measure.
func stall(ctx context.Context, cfg settings.Settings) int {
	s := newStalls(cfg, settings.Load, os.Stdout)
	err := s.run(ctx)
	return conclude(&s.report, s.report.Write, cfg, err)
}

// conclude prints a report, writes its file, and returns the process's exit code: 1 if the run or the file has failed. What was measured
// until a failure is printed and written as well.
func conclude(r interface{ Print(out io.Writer) }, write func(folder string) error, cfg settings.Settings, err error) int {
	r.Print(os.Stdout)
	if written := write(filepath.Join(cfg.Folder, "bench")); err == nil {
		err = written
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "bench:", err)
		return 1
	}
	return 0
}
