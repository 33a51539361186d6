package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/internal/fixwire/fixwiretest"
	"fxcore/scripts/testbench/bench/internal/settings"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quick returns settings for a run of about three seconds against a core that answers at once.
func quick(t *testing.T, serve func(p *fixwiretest.Peer, m *fixwire.Message)) settings.Settings {
	t.Helper()
	return lasting(t, 200*time.Millisecond, serve)
}

// lasting returns settings with phases of the given length.
func lasting(t *testing.T, phase time.Duration, serve func(p *fixwiretest.Peer, m *fixwire.Message)) settings.Settings {
	t.Helper()
	short := settings.Seconds(phase)
	return settings.Settings{
		Duration: short, OpenDuration: short, SingleDuration: short, RawDuration: short, Warmup: short / 4,
		InFlight: 20, Rate: 100, Sessions: 2, Burst: 50, Checks: 10, Phases: []string{"raw", "closed", "open", "single", "burst"},
		FIX: fixwiretest.Accept(t, serve).Addr, AMQP: testkit.AMQP(t), AdminPostgres: testkit.PostgresURL(t),
	}
}

// On a busy machine a phase may be too short for a single message, so a run with gaps is repeated with longer phases.
func TestARunFillsTheWholeReport(t *testing.T) {
	var b *bench
	for phase := 200 * time.Millisecond; b == nil || len(gaps(b)) > 0 && phase < time.Minute; phase *= 4 {
		var out bytes.Buffer
		b = newBench(lasting(t, phase, fixwiretest.Grant), &out)
		if err := b.run(t.Context()); err != nil {
			t.Fatalf("%v\n%s", err, out.String())
		}
	}
	if missing := gaps(b); len(missing) > 0 {
		t.Errorf("not above zero: %v", missing)
	}
	if r := b.report; r.Sent < 50 || r.Answered != r.Sent || len(r.RawRuns) != 3 || len(r.Processes) != 1 || len(b.latencies) != 4 {
		t.Errorf("%+v", r)
	}
}

// gaps returns the names of a report's figures that are not above zero.
func gaps(b *bench) (names []string) {
	r := b.report
	for name, value := range map[string]float64{
		"trades_per_second": r.TradesPerSecond, "raw_per_second": r.RawPerSecond, "throughput_ratio": r.ThroughputRatio,
		"p50": r.P50, "p99": r.P99, "p999": r.P999, "open_rate": r.OpenRate, "open_p50": r.OpenP50, "open_p99": r.OpenP99,
		"single_p50": r.SingleP50, "single_raw_p50": r.SingleRawP50, "single_ratio": r.SingleRatio, "burst": r.Burst,
	} {
		if value <= 0 {
			names = append(names, name)
		}
	}
	return names
}

func TestADoubledAnswerFailsTheRun(t *testing.T) {
	cfg := quick(t, func(p *fixwiretest.Peer, m *fixwire.Message) { fixwiretest.Grant(p, m); fixwiretest.Grant(p, m) })
	cfg.Phases = []string{"burst"}
	b := newBench(cfg, &bytes.Buffer{})
	if err := b.run(t.Context()); !errors.Is(err, errAccount) || b.report.Doubled == 0 {
		t.Fatalf("error %v, doubled %d", err, b.report.Doubled)
	}
}

func TestARejectOfTheSessionFailsTheRun(t *testing.T) {
	cfg := quick(t, func(p *fixwiretest.Peer, m *fixwire.Message) {
		fixwiretest.Grant(p, m)
		p.Send(fixwire.NewBody("j").Text(58, "unknown type"))
	})
	cfg.Phases = []string{"burst"}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	err := newBench(cfg, &bytes.Buffer{}).run(ctx)
	if !errors.Is(err, errAccount) || !strings.Contains(err.Error(), "unknown type") {
		t.Fatalf("error: %v", err)
	}
}
