// Bench measures the core that runs in this clone: how many trades a second, how long they take, how that compares with
// the same chain of messages and commits without logic, and what it costs. See README.md.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"

	"fxcore/scripts/testbench/bench/internal/settings"
)

func main() { os.Exit(measure()) }

// measure returns the process's exit code: 0 if everything was measured and every request was answered once, 1 if not, 2
// if it was not begun.
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
	b := newBench(cfg, os.Stdout)
	err = b.run(ctx)
	b.report.Print(os.Stdout)
	if written := b.report.Write(filepath.Join(cfg.Folder, "bench"), b.latencies); err == nil {
		err = written
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "bench:", err)
		return 1
	}
	return 0
}

// stall measures how long a provider waits when a replica is killed. The exit code is as measure's.
func stall(ctx context.Context, cfg settings.Settings) int {
	s := newStalls(cfg, settings.Load, os.Stdout)
	err := s.run(ctx)
	s.report.Print(os.Stdout)
	if written := s.report.Write(filepath.Join(cfg.Folder, "bench")); err == nil {
		err = written
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "bench:", err)
		return 1
	}
	return 0
}
