package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/go-cmp/cmp"

	"fxcore/scripts/testbench/bench/internal/load"
	"fxcore/scripts/testbench/bench/internal/raw"
	"fxcore/scripts/testbench/bench/internal/report"
)

func histogram(microseconds ...int64) *hdrhistogram.Histogram {
	h := hdrhistogram.New(1, 300_000_000, 3)
	for _, v := range microseconds {
		_ = h.RecordValue(v)
	}
	return h
}

func full() *report.Report {
	r := &report.Report{InFlight: 500, Sessions: 4}
	for _, run := range [][2]int64{{3000, 10_000}, {1000, 14_000}, {2000, 12_000}} {
		r.Raw(raw.Result{Took: time.Second, Trades: int(run[0])}, raw.Result{Latencies: histogram(run[1])})
	}
	r.Closed(load.Result{Took: 2 * time.Second, Trades: 2000, Checks: 200, Rejected: 1, Reason: "why", Latencies: histogram(1000, 2000, 4000)}, 120*time.Millisecond)
	r.Open(100, load.Result{Latencies: histogram(3000)})
	r.Single(load.Result{Latencies: histogram(6000)})
	r.AtOnce(load.Result{ToLast: 700 * time.Millisecond, Latencies: histogram(1)})
	r.Finish(load.Totals{Sent: 5, Answered: 4, Lost: 1, Doubled: 2})
	return r
}

func TestTheFileHasTheAgreedFields(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "bench")
	if err := full().Write(folder, map[string]*hdrhistogram.Histogram{"closed": histogram(1000)}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "latest.json")) //nolint:gosec // our own
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{
		"trades_per_second": 1000, "raw_per_second": 2000, "throughput_ratio": 0.5, "p50_ms": 2, "p99_ms": 4.001, "p999_ms": 4.001,
		"open_rate": 100, "open_p50_ms": 3.001, "open_p99_ms": 3.001, "open_slowest_ms": 3.001, "longest_silence_ms": 120, "single_p50_ms": 6.003, "single_raw_p50_ms": 12.007, "single_ratio": 0.5,
		"burst_1000_ms": 700, "sent": 5, "answered": 4, "lost": 1, "doubled": 2,
	}
	for name, value := range want {
		number, ok := got[name].(float64)
		if !ok || number < 0.99*value || number > 1.01*value {
			t.Errorf("%s is %v, want about %v", name, got[name], value)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "closed.hgrm")); err != nil {
		t.Error(err)
	}
}

func TestTheTableSaysTheSame(t *testing.T) {
	t.Parallel()
	r := full()
	r.Processes = []report.Process{{Name: "auth", Replica: "auth-1", CPUSeconds: 1, MemoryMB: 20}}
	var out bytes.Buffer
	r.Print(&out)
	for _, want := range []string{"ratio 0.50", "lost 1, doubled 2", "auth-1", "the last rejection: why"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table does not say %q:\n%s", want, out.String())
		}
	}
}

func TestTheMedianOfTwoRunsLiesBetweenThem(t *testing.T) {
	t.Parallel()
	r := &report.Report{}
	for _, n := range []int{1000, 2000} {
		r.Raw(raw.Result{Took: time.Second, Trades: n}, raw.Result{Latencies: histogram(1)})
	}
	r.Finish(load.Totals{})
	if diff := cmp.Diff(1500.0, r.RawPerSecond); diff != "" {
		t.Fatal(diff)
	}
}
