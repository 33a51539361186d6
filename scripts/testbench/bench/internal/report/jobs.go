package report

import (
	"fmt"
	"io"
	"time"
)

// Jobs is the content of jobs.json.
type Jobs struct {
	Legs          int            `json:"legs"`             // due on the day
	Failed        int            `json:"failed"`           // of them, not executed
	Movements     int            `json:"movements"`        // that the mainframe made for them; clients with an agreement have one for many legs
	LineCheckP99  float64        `json:"linecheck_p99_ms"` // at CheckRate, before
	LineCheckJobs float64        `json:"linecheck_p99_jobs_ms"`
	CheckRate     int            `json:"check_rate"`
	Checks        int            `json:"checks"`      // approved, before
	ChecksJobs    int            `json:"checks_jobs"` // approved, while jobs ran
	Rejected      int            `json:"rejected"`    // line checks, while jobs ran
	Reason        string         `json:"rejection,omitempty"`
	RawChain      float64        `json:"raw_chain_per_second"` // trades a second through the raw chain, before and after: the mean
	Ratio         float64        `json:"ratio"`                // of legs executed in a second to that
	LineCheckP50  float64        `json:"linecheck_p50_ms"`
	LineCheckJ50  float64        `json:"linecheck_p50_jobs_ms"`
	Jobs          map[string]Job `json:"jobs"`
	Missing       []string       `json:"missing"` // jobs that this core does not have
	Differences   int            `json:"reconciliation_differences"`
	At            time.Time      `json:"at"`
}

// Job is one job of the day.
type Job struct {
	Items     int     `json:"items"` // what PerSecond counts
	Unit      string  `json:"unit"`
	Seconds   float64 `json:"seconds"`
	PerSecond float64 `json:"per_second"`
	PeakMB    float64 `json:"peak_mb"` // of all replicas of the service together
}

// Add adds a job.
func (j *Jobs) Add(name string, items int, unit string, took time.Duration, peak float64) {
	if j.Jobs == nil {
		j.Jobs = map[string]Job{}
	}
	j.Jobs[name] = Job{items, unit, took.Seconds(), ratio(float64(items), took.Seconds()), peak}
}

// Raw adds the runs of the raw chain. Call it after Add of Execute.
func (j *Jobs) Raw(runs ...float64) {
	for _, perSecond := range runs {
		j.RawChain += perSecond / float64(len(runs))
	}
	j.Ratio = ratio(j.Jobs[Execute].PerSecond, j.RawChain)
}

// Print writes the jobs as a table.
func (j *Jobs) Print(out io.Writer) {
	_, _ = fmt.Fprintf(out, "\n%d legs due on one day, %d movements, %d legs failed\n\n%-28s %10s %-14s %9s %10s %9s\n", j.Legs, j.Movements, j.Failed,
		"job", "items", "", "seconds", "a second", "peak MB")
	for _, name := range j.names() {
		job := j.Jobs[name]
		_, _ = fmt.Fprintf(out, "%-28s %10d %-14s %9.1f %10.0f %9.0f\n", name, job.Items, job.Unit, job.Seconds, job.PerSecond, job.PeakMB)
	}
	for _, name := range j.Missing {
		_, _ = fmt.Fprintf(out, "%-28s this core does not have it\n", name)
	}
	_, _ = fmt.Fprintf(out, "\nthe raw chain: %.0f a second; legs executed to that: %.2f\n", j.RawChain, j.Ratio)
	_, _ = fmt.Fprintf(out, "line checks at %d/s: p50 %.1f ms, p99 %.1f ms; while the jobs run: p50 %.1f ms, p99 %.1f ms; %d rejected %s\n", j.CheckRate,
		j.LineCheckP50, j.LineCheckP99, j.LineCheckJ50, j.LineCheckJobs, j.Rejected, j.Reason)
}

// Write writes jobs.json in a folder.
func (j *Jobs) Write(folder string) error {
	return write(folder, "jobs.json", j)
}

// The names of the jobs in jobs.json.
const (
	Execute   = "execute"
	Balance   = "balance"
	Reconcile = "reconcile"
	Recompute = "recompute"
	DayReport = "day report"
)

func (j *Jobs) names() []string {
	var all []string
	for _, name := range []string{Execute, Balance, Reconcile, Recompute, DayReport} {
		if _, measured := j.Jobs[name]; measured {
			all = append(all, name)
		}
	}
	return all
}
