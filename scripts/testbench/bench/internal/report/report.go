// Package report holds the results of a run of the bench: as a table for people, and as a file for programs.
package report

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"fxcore/scripts/testbench/bench/internal/load"
	"fxcore/scripts/testbench/bench/internal/raw"
)

// Report is the content of latest.json. Rates are per second. Latencies are in milliseconds, from when a request was
// due to its final answer.
type Report struct {
	TradesPerSecond float64 `json:"trades_per_second"` // accepted trades, with Settings.InFlight requests in flight
	RawPerSecond    float64 `json:"raw_per_second"`    // the raw chain with as many in flight; median of RawRuns
	ThroughputRatio float64 `json:"throughput_ratio"`
	P50             float64 `json:"p50_ms"`
	P99             float64 `json:"p99_ms"`
	P999            float64 `json:"p999_ms"`
	OpenRate        float64 `json:"open_rate"` // requests a second, independent of the answers
	OpenP50         float64 `json:"open_p50_ms"`
	OpenP99         float64 `json:"open_p99_ms"`
	SingleP50       float64 `json:"single_p50_ms"` // one at a time
	SingleRawP50    float64 `json:"single_raw_p50_ms"`
	SingleRatio     float64 `json:"single_ratio"`
	Burst           float64 `json:"burst_1000_ms"` // from 1,000 requests at once to the last answer
	Sent            int     `json:"sent"`
	Answered        int     `json:"answered"`
	Lost            int     `json:"lost"`
	Doubled         int     `json:"doubled"`

	History         int       `json:"history"`            // handled messages that were added to each inbox before
	Silence         float64   `json:"longest_silence_ms"` // of any provider, with InFlight under way: no final answer came
	OpenSlowest     float64   `json:"open_slowest_ms"`    // of the trades at OpenRate
	Rejected        int       `json:"rejected"`
	Reason          string    `json:"rejection,omitempty"` // text of the last rejection
	ChecksPerSecond float64   `json:"checks_per_second"`
	RawRuns         []RawRun  `json:"raw_runs"`
	Seconds         float64   `json:"seconds"` // length of the load that the processes' figures belong to
	Processes       []Process `json:"processes"`
	InFlight        int       `json:"in_flight"`
	Sessions        int       `json:"sessions"`
	At              time.Time `json:"at"`

	*Full // nil if the run was not made beside another one
}

// RawRun is the result of one run of the raw chain.
type RawRun struct {
	PerSecond float64 `json:"per_second"`
	SingleP50 float64 `json:"single_p50_ms"`
}

// Process says how much CPU a process used during the load, and how much memory it held at the end.
type Process struct {
	Name       string  `json:"name"`
	Replica    string  `json:"replica"`
	CPUSeconds float64 `json:"cpu_seconds"`
	MemoryMB   float64 `json:"memory_mb"`
}

// Closed sets the results of the closed phase, and the longest silence of a provider in it.
func (r *Report) Closed(result load.Result, silence time.Duration) {
	r.Silence = silence.Seconds() * 1e3
	r.TradesPerSecond = result.TradesPerSecond()
	r.ChecksPerSecond = float64(result.Checks) / result.Took.Seconds()
	r.P50, r.P99, r.P999 = ms(result.Latencies, 50), ms(result.Latencies, 99), ms(result.Latencies, 99.9)
	r.Seconds = result.Took.Seconds()
	r.rejections(result)
}

// Open sets the results of the load at a fixed rate.
func (r *Report) Open(rate int, result load.Result) {
	r.OpenRate = float64(rate)
	r.OpenP50, r.OpenP99 = ms(result.Latencies, 50), ms(result.Latencies, 99)
	r.OpenSlowest = ms(result.Latencies, 100)
	r.rejections(result)
}

// Single sets the results of one request at a time.
func (r *Report) Single(result load.Result) {
	r.SingleP50 = ms(result.Latencies, 50)
	r.rejections(result)
}

// AtOnce sets the result of the burst.
func (r *Report) AtOnce(result load.Result) {
	r.Burst = result.ToLast.Seconds() * 1e3
	r.rejections(result)
}

func (r *Report) rejections(result load.Result) {
	r.Rejected += result.Rejected
	if result.Reason != "" {
		r.Reason = result.Reason
	}
}

// Raw adds a run of the raw chain: with many trades in flight, and with one.
func (r *Report) Raw(many, one raw.Result) {
	r.RawRuns = append(r.RawRuns, RawRun{many.PerSecond(), ms(one.Latencies, 50)})
}

// Finish calculates the medians and ratios, and sets the totals.
func (r *Report) Finish(t load.Totals) {
	r.Sent, r.Answered, r.Lost, r.Doubled = t.Sent, t.Answered, t.Lost, t.Doubled
	r.RawPerSecond = median(r.RawRuns, func(run RawRun) float64 { return run.PerSecond })
	r.SingleRawP50 = median(r.RawRuns, func(run RawRun) float64 { return run.SingleP50 })
	r.ThroughputRatio = ratio(r.TradesPerSecond, r.RawPerSecond)
	r.SingleRatio = ratio(r.SingleP50, r.SingleRawP50)
	slices.SortStableFunc(r.Processes, func(a, b Process) int { return int(1000 * (b.CPUSeconds - a.CPUSeconds)) })
}

func ms(h *hdrhistogram.Histogram, quantile float64) float64 {
	return float64(h.ValueAtQuantile(quantile)) / 1e3
}

func median[Run any](runs []Run, of func(Run) float64) float64 {
	if len(runs) == 0 {
		return 0
	}
	values := make([]float64, len(runs))
	for i, run := range runs {
		values[i] = of(run)
	}
	slices.Sort(values)
	middle := len(values) / 2
	if len(values)%2 == 0 {
		return (values[middle-1] + values[middle]) / 2
	}
	return values[middle]
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// Write writes the report to latest.json, and the latencies of each phase to NAME.hgrm, in a folder.
func (r *Report) Write(folder string, latencies map[string]*hdrhistogram.Histogram) error {
	if err := write(folder, "latest.json", r); err != nil {
		return err
	}
	for name, h := range latencies {
		if err := writeHistogram(filepath.Join(folder, name+".hgrm"), h); err != nil {
			return err
		}
	}
	return nil
}

// writeHistogram writes the percentile distribution in milliseconds, in the format of HdrHistogram's plotter.
func writeHistogram(path string, h *hdrhistogram.Histogram) error {
	file, err := os.Create(path) //nolint:gosec // in the folder that we were given
	if err != nil {
		return fmt.Errorf("write histogram: %w", err)
	}
	_, err = h.PercentilesPrint(file, 5, 1000)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("write histogram: %w", err)
	}
	return nil
}
