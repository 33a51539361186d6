package report

import (
	"fmt"
	"io"
	"slices"
	"time"

	"fxcore/scripts/testbench/bench/internal/crowd"
	"fxcore/scripts/testbench/bench/internal/raw"
)

// API is the content of api.json: trades that are asked for at once by the HTTP interface. Times and percentiles are medians of the runs;
// the counts are those of the worst run.
type API struct {
	Trades     int     `json:"trades"` // asked for at once, in each run
	Registered int     `json:"registered"`
	Refused    int     `json:"refused"`
	Seconds    float64 `json:"seconds"` // from the first request to the answer of the last registered trade
	P50        float64 `json:"p50_ms"`  // from the first request of the burst to a trade's answer
	P99        float64 `json:"p99_ms"`
	RawChain   float64 `json:"raw_chain_seconds"` // as many trades at once through the raw chain
	Ratio      float64 `json:"ratio"`             // Seconds to RawChain

	Runs   []APIRun  `json:"runs"`
	Reason string    `json:"refusal,omitempty"` // text of the last refusal
	At     time.Time `json:"at"`
}

// APIRun is one run.
type APIRun struct {
	Registered int     `json:"registered"`
	Refused    int     `json:"refused"`
	Seconds    float64 `json:"seconds"`
	P50        float64 `json:"p50_ms"`
	P99        float64 `json:"p99_ms"`
	RawChain   float64 `json:"raw_chain_seconds"`
}

// Add adds a run: the raw chain's burst, and the interface's.
func (a *API) Add(chain raw.Result, burst crowd.Result) APIRun {
	run := APIRun{
		Registered: burst.Registered, Refused: burst.Refused, Seconds: burst.Took.Seconds(), P50: ms(burst.Latencies, 50), P99: ms(burst.Latencies, 99),
		RawChain: chain.Took.Seconds(),
	}
	a.Runs = append(a.Runs, run)
	if burst.Reason != "" {
		a.Reason = burst.Reason
	}
	return run
}

// Finish calculates what stands for all runs, and the ratio.
func (a *API) Finish() {
	if len(a.Runs) == 0 {
		return
	}
	a.Registered = slices.MinFunc(a.Runs, func(x, y APIRun) int { return x.Registered - y.Registered }).Registered
	a.Refused = slices.MaxFunc(a.Runs, func(x, y APIRun) int { return x.Refused - y.Refused }).Refused
	a.Seconds = median(a.Runs, func(r APIRun) float64 { return r.Seconds })
	a.P50 = median(a.Runs, func(r APIRun) float64 { return r.P50 })
	a.P99 = median(a.Runs, func(r APIRun) float64 { return r.P99 })
	a.RawChain = median(a.Runs, func(r APIRun) float64 { return r.RawChain })
	a.Ratio = ratio(a.Seconds, a.RawChain)
}

// Print prints the report for people.
func (a *API) Print(out io.Writer) {
	_, _ = fmt.Fprintf(out, "\n%-10s %10s %8s %8s %8s %8s %10s\n", "run", "registered", "refused", "seconds", "p50 ms", "p99 ms", "raw chain s")
	row := func(name string, r APIRun) {
		_, _ = fmt.Fprintf(out, "%-10s %10d %8d %8.2f %8.0f %8.0f %10.2f\n", name, r.Registered, r.Refused, r.Seconds, r.P50, r.P99, r.RawChain)
	}
	for i, r := range a.Runs {
		row(fmt.Sprint(i+1), r)
	}
	row("all", APIRun{a.Registered, a.Refused, a.Seconds, a.P50, a.P99, a.RawChain})
	_, _ = fmt.Fprintf(out, "%d trades at once by the HTTP interface: %.2f s, %.2f of the raw chain's time\n", a.Trades, a.Seconds, a.Ratio)
	if a.Reason != "" {
		_, _ = fmt.Fprintf(out, "the last refusal: %s\n", a.Reason)
	}
}

// Write writes api.json to a folder.
func (a *API) Write(folder string) error {
	return write(folder, "api.json", a)
}
