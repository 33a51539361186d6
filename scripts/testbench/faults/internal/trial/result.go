package trial

import (
	"time"

	"fxcore/scripts/testbench/faults/internal/report"
	"fxcore/scripts/testbench/faults/internal/schedule"
)

// begin returns the result of a run in which nothing has happened yet.
func begin(plan schedule.Run, at time.Time) report.Run {
	r := report.Run{Seed: plan.Seed, At: at.UTC(), Scenarios: plan.Scenarios, Violations: []report.Violation{}}
	for _, s := range plan.Streams {
		r.Traffic = append(r.Traffic, report.Traffic{Kind: s.Kind, Provider: s.Provider, PerSecond: s.PerSecond})
	}
	return r
}

// told adds the faults to the result, as they happened.
func (t *trial) told() {
	for _, d := range t.done {
		t.result.Faults = append(t.result.Faults, report.Fault{
			Kind: string(d.Kind), Target: d.Target, AtMS: d.At.Milliseconds(), ForMS: d.For.Milliseconds(),
			BeganMS: d.Began.Milliseconds(), Skipped: d.Skipped, Text: d.String(),
		})
	}
}
