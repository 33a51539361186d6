package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"fxcore/scripts/testbench/bench/internal/load"
	"fxcore/scripts/testbench/bench/internal/mix"
	"fxcore/scripts/testbench/bench/internal/raw"
	"fxcore/scripts/testbench/bench/internal/report"
	"fxcore/scripts/testbench/bench/internal/settings"
	"fxcore/scripts/testbench/bench/internal/usage"
)

// bench is one run of all phases.
type bench struct {
	cfg       settings.Settings
	out       io.Writer
	prices    *mix.Prices
	report    report.Report
	latencies map[string]*hdrhistogram.Histogram // by phase
}

func newBench(cfg settings.Settings, out io.Writer) *bench {
	return &bench{
		cfg: cfg, out: out, latencies: map[string]*hdrhistogram.Histogram{},
		report: report.Report{InFlight: cfg.InFlight, Sessions: cfg.Sessions, At: time.Now().UTC().Truncate(time.Second)},
	}
}

// errAccount says that a request had no answer, or that there were too many answers.
var errAccount = errors.New("answers do not match requests")

// run runs all phases. The raw chain runs before, between and after the others, so that its median is measured on the
// same state of the machine.
func (b *bench) run(ctx context.Context) (err error) {
	if b.prices, err = mix.NewPrices(); err != nil {
		return err
	}
	if err := b.past(ctx); err != nil {
		return err
	}
	if err := b.raw(ctx); err != nil {
		return err
	}
	if len(b.cfg.Phases) == 1 && b.cfg.Does("raw") {
		b.report.Finish(load.Totals{})
		return nil
	}
	mixed, err := b.open(ctx)
	if err != nil {
		return err
	}
	defer mixed.Close()
	began := time.Now()
	kept, err := b.kept(ctx)
	if err != nil {
		return err
	}
	err = errors.Join(b.many(ctx, mixed), b.raw(ctx), b.few(ctx, mixed), b.raw(ctx))
	totals := mixed.Totals()
	b.report.Finish(totals)
	if b.cfg.Beside != "" {
		err = errors.Join(err, b.compare(ctx, kept, began))
	}
	if totals.Lost+totals.Doubled+totals.Strange+totals.Refused > 0 {
		err = errors.Join(err, fmt.Errorf("%w: %+v", errAccount, totals))
	}
	return err
}

func (b *bench) open(ctx context.Context) (*load.Load, error) {
	b.say("logging on with %d sessions at %s", b.cfg.Sessions, b.cfg.FIX)
	return load.Open(ctx, load.Settings{
		Address: b.cfg.FIX, Sessions: b.cfg.Sessions, CheckShare: b.cfg.Checks, Prices: b.prices,
		Run: "b" + strconv.FormatInt(time.Now().Unix(), 36),
	})
}

// many runs the closed phase, a load with a bounded number of requests in flight. The warm-up before it does not
// count.
func (b *bench) many(ctx context.Context, l *load.Load) error {
	if !b.cfg.Does("closed") {
		return nil
	}
	b.say("%d in flight for %s, after a warm-up of %s", b.cfg.InFlight, seconds(b.cfg.Duration), seconds(b.cfg.Warmup))
	if _, err := l.Closed(ctx, b.cfg.InFlight, seconds(b.cfg.Warmup)); err != nil {
		return fmt.Errorf("warm-up: %w", err)
	}
	before, err := b.usage()
	if err != nil {
		return err
	}
	l.Mark()
	result, err := l.Closed(ctx, b.cfg.InFlight, seconds(b.cfg.Duration))
	b.report.Closed(result, l.Silence())
	b.latencies["closed"] = result.Latencies
	if err != nil {
		return fmt.Errorf("%d in flight: %w", b.cfg.InFlight, err)
	}
	return b.used(before)
}

// few runs the phases that measure latency: a fixed rate, one at a time, and a burst.
func (b *bench) few(ctx context.Context, l *load.Load) error {
	if b.cfg.Does("open") {
		b.say("%d a second for %s", b.cfg.Rate, seconds(b.cfg.OpenDuration))
		result, err := l.Open(ctx, b.cfg.Rate, seconds(b.cfg.OpenDuration))
		b.report.Open(b.cfg.Rate, result)
		b.latencies["open"] = result.Latencies
		if err != nil {
			return fmt.Errorf("%d a second: %w", b.cfg.Rate, err)
		}
	}
	if b.cfg.Does("single") {
		b.say("one at a time for %s", seconds(b.cfg.SingleDuration))
		result, err := l.Closed(ctx, 1, seconds(b.cfg.SingleDuration))
		b.report.Single(result)
		b.latencies["single"] = result.Latencies
		if err != nil {
			return fmt.Errorf("one at a time: %w", err)
		}
	}
	if b.cfg.Does("burst") {
		b.say("%d at once", b.cfg.Burst)
		result, err := l.Burst(ctx, b.cfg.Burst)
		b.report.AtOnce(result)
		b.latencies["burst"] = result.Latencies
		if err != nil {
			return fmt.Errorf("%d at once: %w", b.cfg.Burst, err)
		}
	}
	return nil
}

// raw runs the raw chain once: first with as many trades in flight as the closed phase, then with one.
func (b *bench) raw(ctx context.Context) (err error) {
	if !b.cfg.Does("raw") {
		return nil
	}
	b.say("the raw chain: %d in flight for %s, then one at a time", b.cfg.InFlight, seconds(b.cfg.RawDuration))
	chain, err := raw.Open(ctx, raw.Settings{AMQP: b.cfg.AMQP, Postgres: b.cfg.AdminPostgres, Origins: b.cfg.Sessions})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, chain.Close(context.WithoutCancel(ctx))) }()
	if _, err := chain.Closed(ctx, b.cfg.InFlight, seconds(b.cfg.RawDuration)/5); err != nil { // warms up
		return err
	}
	many, err := chain.Closed(ctx, b.cfg.InFlight, seconds(b.cfg.RawDuration))
	if err != nil {
		return err
	}
	one, err := chain.Closed(ctx, 1, seconds(b.cfg.RawDuration)/2)
	if err != nil {
		return err
	}
	b.report.Raw(many, one)
	b.say("  %.0f a second; one at a time p50 %.1f ms", many.PerSecond(), float64(one.Latencies.ValueAtQuantile(50))/1e3)
	return nil
}

// usage returns what the core's processes, and this one, have used so far.
func (b *bench) usage() (map[int]usage.Usage, error) {
	pids := []int{os.Getpid()}
	for _, p := range b.cfg.Processes {
		pids = append(pids, p.PID)
	}
	return usage.Read(pids...)
}

// used adds to the report what the processes have used since before.
func (b *bench) used(before map[int]usage.Usage) error {
	after, err := b.usage()
	if err != nil {
		return err
	}
	for _, p := range append(b.cfg.Processes, settings.Process{Name: "bench", PID: os.Getpid()}) {
		if now, lives := after[p.PID]; lives {
			b.report.Processes = append(b.report.Processes, report.Process{
				Name: p.Name, Replica: p.Replica,
				CPUSeconds: (now.CPU - before[p.PID].CPU).Seconds(), MemoryMB: float64(now.Memory) / (1 << 20),
			})
		}
	}
	return nil
}

func (b *bench) say(format string, values ...any) {
	_, _ = fmt.Fprintf(b.out, time.Now().Format("15:04:05 ")+format+"\n", values...) // to a terminal
}

func seconds(s settings.Seconds) time.Duration { return time.Duration(s) }
