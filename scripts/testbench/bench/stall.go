package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"syscall"
	"time"

	"fxcore/scripts/internal/pause"
	"fxcore/scripts/internal/programs"
	"fxcore/scripts/testbench/bench/internal/load"
	"fxcore/scripts/testbench/bench/internal/mix"
	"fxcore/scripts/testbench/bench/internal/report"
	"fxcore/scripts/testbench/bench/internal/settings"
)

// stalls kills one replica of each service in turn, under a steady load, and measures how long providers wait.
type stalls struct {
	cfg    settings.Settings
	look   func() (settings.Settings, error) // reads the current processes
	out    io.Writer
	report report.Stalls
}

// victims returns the services whose death a provider could notice, and report.Nobody for comparison. Gateways are
// not among them: bench-failover measures those.
func victims() []string {
	return append([]string{report.Nobody}, programs.Names(programs.Carriers())...)
}

// readyBound is how long all processes may take to be ready before the next kill.
const readyBound = 60 * time.Second

func newStalls(cfg settings.Settings, look func() (settings.Settings, error), out io.Writer) *stalls {
	return &stalls{cfg: cfg, look: look, out: out, report: report.NewStalls(cfg.StallRate, cfg.Sessions)}
}

func (s *stalls) run(ctx context.Context) error {
	prices, err := mix.NewPrices()
	if err != nil {
		return err
	}
	l, err := load.Open(ctx, load.Settings{
		Address: s.cfg.FIX, Sessions: s.cfg.Sessions, CheckShare: s.cfg.Checks, Prices: prices,
		Run: "s" + strconv.FormatInt(time.Now().Unix(), 36),
	})
	if err != nil {
		return err
	}
	defer l.Close()
	if _, err := l.Open(ctx, s.cfg.StallRate, seconds(s.cfg.Warmup)); err != nil {
		return fmt.Errorf("warm-up: %w", err)
	}
	for n := range s.cfg.StallRuns {
		for _, service := range victims() {
			if err := s.once(ctx, l, service, n%2+1); err != nil {
				return fmt.Errorf("%s killed: %w", service, err)
			}
		}
	}
	totals := l.Totals()
	s.report.Finish(totals)
	if totals.Lost+totals.Doubled+totals.Strange+totals.Refused > 0 {
		return fmt.Errorf("%w: %+v", errAccount, totals)
	}
	return nil
}

// once runs the load once and kills a replica after a third of the time.
func (s *stalls) once(ctx context.Context, l *load.Load, service string, replica int) error {
	pid, err := s.victim(ctx, service, strconv.Itoa(replica))
	if err != nil {
		return err
	}
	whole := seconds(s.cfg.StallDuration)
	killed := make(chan error, 1)
	go func() {
		if !pause.For(ctx, whole/3) {
			killed <- ctx.Err()
			return
		}
		l.Mark()
		if pid == 0 {
			killed <- nil
			return
		}
		killed <- syscall.Kill(pid, syscall.SIGKILL)
	}()
	result, err := l.Open(ctx, s.cfg.StallRate, whole)
	if err = errors.Join(err, <-killed); err != nil {
		return err
	}
	slowest := time.Duration(result.Latencies.Max()) * time.Microsecond
	s.report.Add(service, l.Silence(), slowest, result.Rejected)
	_, _ = fmt.Fprintf(s.out, "%s %-16s longest silence %4d ms, slowest trade %4d ms\n",
		time.Now().Format("15:04:05"), service, l.Silence().Milliseconds(), slowest.Milliseconds())
	return nil
}

// victim waits until every process is ready and returns the one to kill; 0 for report.Nobody.
func (s *stalls) victim(ctx context.Context, service, replica string) (pid int, err error) {
	ctx, cancel := context.WithTimeout(ctx, readyBound)
	defer cancel()
	for {
		now, err := s.look()
		if err != nil {
			return 0, err
		}
		at := slices.IndexFunc(now.Processes, func(p settings.Process) bool { return p.Name == service && p.Replica == replica })
		late := slices.ContainsFunc(now.Processes, func(p settings.Process) bool { return p.State != "ready" })
		switch {
		case !late && at >= 0:
			return now.Processes[at].PID, nil
		case !late && service == report.Nobody:
			return 0, nil
		}
		if !pause.For(ctx, lookEvery) {
			return 0, fmt.Errorf("wait for %s-%s and all others to be ready: %w", service, replica, ctx.Err())
		}
	}
}

const lookEvery = 100 * time.Millisecond
