package report

import (
	"fmt"
	"io"
	"time"

	"fxcore/scripts/testbench/bench/internal/load"
)

// Watch is the content of watch.json: what providers notice while what on-call sees by is killed and away, and whether it has everything
// afterwards.
type Watch struct {
	Parts      []WatchPart `json:"parts"`
	Kills      int         `json:"kills"`
	AfterKills Complete    `json:"after_kills"`
	AfterAway  Complete    `json:"after_away"`
	Rate       int         `json:"rate"` // requests a second
	Sent       int         `json:"sent"`
	Lost       int         `json:"lost"`
	Doubled    int         `json:"doubled"`
	At         time.Time   `json:"at"`
}

// WatchPart is one part of the load. Latencies and the longest silence of a provider are in milliseconds.
type WatchPart struct {
	Name     string  `json:"name"`
	P50      float64 `json:"p50_ms"`
	P99      float64 `json:"p99_ms"`
	Slowest  float64 `json:"slowest_ms"`
	Silence  float64 `json:"silence_ms"`
	Rejected int     `json:"rejected"`
}

// Complete says when everything was there again, in seconds from the end of the part, and what the journal has then.
type Complete struct {
	Ready        float64 `json:"ready_s"`
	CaughtUp     float64 `json:"caught_up_s"`
	Messages     int     `json:"messages"`
	Spans        int     `json:"spans"`
	SpansMissing int     `json:"spans_missing"`
	Sound        bool    `json:"sound"` // the verifier finds every record as it was written

	Lines        int `json:"log_lines"`         // on the programs' standard output
	LinesDropped int `json:"log_lines_dropped"` // their programs have said so
	LinesUnsent  int `json:"log_lines_unsent"`  // the last ones of processes that were killed
	LinesMissing int `json:"log_lines_missing"`
}

// Add adds a part.
func (w *Watch) Add(name string, result load.Result, silence time.Duration) {
	w.Parts = append(w.Parts, WatchPart{
		Name: name, P50: ms(result.Latencies, 50), P99: ms(result.Latencies, 99), Slowest: ms(result.Latencies, 100),
		Silence: silence.Seconds() * 1e3, Rejected: result.Rejected,
	})
}

// Totals sets the totals of all requests.
func (w *Watch) Totals(t load.Totals) { w.Sent, w.Lost, w.Doubled = t.Sent, t.Lost, t.Doubled }

// Print prints the table.
func (w *Watch) Print(out io.Writer) {
	for _, p := range w.Parts {
		_, _ = fmt.Fprintf(out, "%-44s p50 %.1f ms, p99 %.1f ms, slowest %.0f ms, longest silence %.0f ms, %d rejected\n",
			p.Name, p.P50, p.P99, p.Slowest, p.Silence, p.Rejected)
	}
	for name, c := range map[string]Complete{fmt.Sprintf("after %d kills", w.Kills): w.AfterKills, "after the stores were away": w.AfterAway} {
		_, _ = fmt.Fprintf(out, "%-44s ready after %.0f s, caught up after %.0f s: %d messages, %d spans, %d missing, chains sound %t; %d log lines, %d dropped, %d unsent, %d missing\n",
			name, c.Ready, c.CaughtUp, c.Messages, c.Spans, c.SpansMissing, c.Sound, c.Lines, c.LinesDropped, c.LinesUnsent, c.LinesMissing)
	}
	_, _ = fmt.Fprintf(out, "%d requests, %d a second: %d lost, %d doubled\n", w.Sent, w.Rate, w.Lost, w.Doubled)
}

// Write writes watch.json to a folder.
func (w *Watch) Write(folder string) error { return write(folder, "watch.json", w) }
