package report

import (
	"fmt"
	"strings"
	"time"
)

// Line returns the run as one line for a person.
func (r Run) Line() string {
	verdict := "ok"
	if n := len(r.Violations); n > 0 {
		verdict = fmt.Sprintf("%d VIOLATIONS", n)
	}
	return fmt.Sprintf("seed %-5d %-14s %4d requests  ready %5.1f s  trading %5.1f s  silence %5.1f s  took %5.1f s  %s",
		r.Seed, verdict, r.Requests, seconds(r.ReadyMS), seconds(r.TradingMS), seconds(r.SilenceMS), seconds(r.TookMS), r.Told())
}

// Told returns the run's faults in a few words. Those that did not happen are in brackets.
func (r Run) Told() string {
	if len(r.Faults) > mostTold {
		return fmt.Sprintf("%s (%d faults)", strings.Join(r.Scenarios, ", "), len(r.Faults))
	}
	told := make([]string, len(r.Faults))
	for i, f := range r.Faults {
		if told[i] = f.Text; f.Skipped != "" {
			told[i] = "(" + f.Text + ")"
		}
	}
	return strings.Join(told, ", ")
}

const mostTold = 8 // faults; with more, only the scenarios are named

func seconds(ms int64) float64 { return (time.Duration(ms) * time.Millisecond).Seconds() }
