package health

import (
	"cmp"
	"context"
	"maps"
	"math"
	"os"
	"slices"
	"time"
)

// Report is what an instance says of itself at intervals: see package run, which publishes it.
type Report struct {
	Instance     string             `json:"instance"` // "auth-2": the program and the replica
	Program      string             `json:"program"`
	Version      string             `json:"version"`
	Host         string             `json:"host"`
	StartedAt    time.Time          `json:"started_at"` // UTC
	Ready        bool               `json:"ready"`
	Reasons      []Reason           `json:"reasons"`       // why it is not ready, by part
	Warnings     []Reason           `json:"warnings"`      // what is wrong although it is ready, by part
	Live         bool               `json:"live"`          // false in the last report of an instance that ends
	Measures     map[string]float64 `json:"measures"`      // by name, in the form of OpenMetrics: fx_process_goroutines, fx_queue_failed_total{queue="a"}
	Holds        []string           `json:"holds"`         // the names of the leases that it holds, sorted
	EverySeconds int                `json:"every_seconds"` // the next report comes after so many seconds, or sooner
}

// Reason says what is wrong with one part of a program.
type Reason struct {
	Part string `json:"part"`
	Text string `json:"text"`
}

// Measure registers a number of the reports. Its name has the form of OpenMetrics and ends in the unit. It may have labels. A number that
// only grows ends in _total. A name taken before is replaced.
func (h *Health) Measure(name string, read func() float64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.measures[name] = read
}

// Holds registers the function that lists the leases that this process holds.
func (h *Health) Holds(read func() []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.holds = append(h.holds, read)
}

// Report returns what the process says of itself now. reasons are those of [Health.Reasons]: their checks are not run again. The checks that
// only warn are run, and all measures are read. The caller fills in EverySeconds.
func (h *Health) Report(ctx context.Context, reasons map[string]string) Report {
	host, _ := os.Hostname()
	warnings := h.warnings(ctx)
	h.mu.Lock()
	defer h.mu.Unlock()
	return Report{
		Instance: h.identity.Service + "-" + h.identity.Replica, Program: h.identity.Service, Version: h.identity.Version, Host: host,
		StartedAt: h.since, Ready: len(reasons) == 0, Live: true,
		Reasons: sorted(reasons), Warnings: sorted(warnings), Measures: h.read(), Holds: h.held(),
	}
}

// read reads all measures. It leaves out what is no number, which JSON cannot carry.
func (h *Health) read() map[string]float64 {
	values := process()
	for name, read := range h.measures {
		if value := read(); !math.IsNaN(value) && !math.IsInf(value, 0) {
			values[name] = value
		}
	}
	return values
}

func (h *Health) held() []string {
	names := []string{}
	for _, read := range h.holds {
		names = append(names, read()...)
	}
	slices.Sort(names)
	return names
}

func sorted(texts map[string]string) []Reason {
	reasons := make([]Reason, 0, len(texts))
	for _, part := range slices.SortedFunc(maps.Keys(texts), cmp.Compare[string]) {
		reasons = append(reasons, Reason{part, texts[part]})
	}
	return reasons
}
