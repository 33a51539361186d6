package report

import (
	"fmt"
	"io"
	"slices"
	"time"

	"fxcore/scripts/testbench/bench/internal/load"
)

// Nobody is the name of runs without a kill. They are for comparison.
const Nobody = "nobody"

// Stalls is the content of stall.json: how long providers wait when one replica of a service is killed.
type Stalls struct {
	Services []Stall   `json:"services"`
	Rate     int       `json:"rate"` // requests a second
	Sessions int       `json:"sessions"`
	Sent     int       `json:"sent"`
	Lost     int       `json:"lost"`
	Doubled  int       `json:"doubled"`
	At       time.Time `json:"at"`
}

// Stall holds one service's runs, in milliseconds. Silence is the longest time after the kill in which a provider
// received no final answer. Slowest is the longest latency of a trade in the run, from when it was due.
type Stall struct {
	Service    string  `json:"service"`
	Runs       int     `json:"runs"`
	SilenceP50 float64 `json:"silence_p50_ms"`
	SilenceMax float64 `json:"silence_max_ms"`
	SlowestP50 float64 `json:"slowest_p50_ms"`
	SlowestMax float64 `json:"slowest_max_ms"`
	Rejected   int     `json:"rejected"`

	silences, slowest []time.Duration
}

// NewStalls returns a report without runs.
func NewStalls(rate, sessions int) Stalls {
	return Stalls{Rate: rate, Sessions: sessions, At: time.Now().UTC().Truncate(time.Second)}
}

// Add adds a run.
func (s *Stalls) Add(service string, silence, slowest time.Duration, rejected int) {
	at := slices.IndexFunc(s.Services, func(one Stall) bool { return one.Service == service })
	if at < 0 {
		at = len(s.Services)
		s.Services = append(s.Services, Stall{Service: service})
	}
	one := &s.Services[at]
	one.silences, one.slowest = append(one.silences, silence), append(one.slowest, slowest)
	one.Runs, one.Rejected = one.Runs+1, one.Rejected+rejected
	one.SilenceP50, one.SilenceMax = middle(one.silences)
	one.SlowestP50, one.SlowestMax = middle(one.slowest)
}

// middle returns the median and the maximum, in milliseconds.
func middle(durations []time.Duration) (median, most float64) {
	sorted := slices.Sorted(slices.Values(durations))
	in := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }
	return in(sorted[len(sorted)/2]), in(sorted[len(sorted)-1])
}

// Finish sets the totals of all requests.
func (s *Stalls) Finish(t load.Totals) { s.Sent, s.Lost, s.Doubled = t.Sent, t.Lost, t.Doubled }

// Print prints the table.
func (s *Stalls) Print(out io.Writer) {
	_, _ = fmt.Fprintf(out, "\n%-16s %4s   %-24s %-24s %s\n", "killed", "runs", "longest silence, ms", "slowest trade, ms", "rejected")
	for _, one := range s.Services {
		_, _ = fmt.Fprintf(out, "%-16s %4d   p50 %6.0f  max %6.0f   p50 %6.0f  max %6.0f   %d\n",
			one.Service, one.Runs, one.SilenceP50, one.SilenceMax, one.SlowestP50, one.SlowestMax, one.Rejected)
	}
	_, _ = fmt.Fprintf(out, "%d requests, %d a second over %d sessions: %d lost, %d doubled\n", s.Sent, s.Rate, s.Sessions, s.Lost, s.Doubled)
}

// Write writes stall.json to a folder.
func (s *Stalls) Write(folder string) error {
	return write(folder, "stall.json", s)
}
