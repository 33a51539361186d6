package starved

import (
	"context"
	"fmt"
	"io"
	"time"

	"fxcore/scripts/testbench/faults/internal/trial"
)

// Report is the content of starved.json.
type Report struct {
	At          time.Time `json:"at"`
	Apart       bool      `json:"apart"`
	Starved     float64   `json:"starved_s"` // how long the loops computed
	Requests    int       `json:"requests"`  // from the beginning of the loops
	Granted     int       `json:"granted"`
	SilenceMS   int64     `json:"silence_ms"`  // longest time without a final answer, of any provider
	BackMS      int64     `json:"back_ms"`     // from the end of the loops until every provider had a new request granted
	Connections int       `json:"connections"` // that providers lost
	Lapses      int       `json:"lapses"`      // of leases whose holder lived
	Given       int       `json:"given"`       // leases that were given in good order
	Gained      int       `json:"gained"`
	Duplicates  int       `json:"duplicates"`  // engines that failed with "Duplicate SessionID"
	NotTaken    int       `json:"not_taken"`   // tries to take a session that failed
	UnservedMS  int64     `json:"unserved_ms"` // longest time for which an instance held a lease and did not serve the session
	LengthMS    int64     `json:"length_ms"`   // of the longest lease
	Down        int       `json:"down"`        // instances that HAProxy took for dead
	Violations  []string  `json:"violations"`  // of the oracle's rules, at the end
}

// read counts what the core wrote about the time from since to until, and shortly after.
func (r *Report) read(ctx context.Context, core *trial.Core, since, until time.Time) error {
	if err := r.readLogs(core, since, until.Add(settleFor)); err != nil {
		return err
	}
	return r.readHistory(ctx, core, since)
}

// Print prints the report for people.
func (r Report) Print(out io.Writer) {
	_, _ = fmt.Fprintf(out, "ten busy loops for %.0f s", r.Starved)
	if r.Apart {
		_, _ = fmt.Fprint(out, ", each a group of its own")
	}
	_, _ = fmt.Fprintf(out, `
  requests                %d, granted %d, longest silence %d ms, back %d ms after the loops
  connections lost        %d
  leases                  %d lapsed, %d given, %d gained; at most %d ms long
  engines                 %d "Duplicate SessionID", %d sessions not taken
  held and not served     at most %d ms
  HAProxy                 took an instance for dead %d times
`, r.Requests, r.Granted, r.SilenceMS, r.BackMS, r.Connections, r.Lapses, r.Given, r.Gained, r.LengthMS,
		r.Duplicates, r.NotTaken, r.UnservedMS, r.Down)
	for _, v := range r.Violations {
		_, _ = fmt.Fprintln(out, v)
	}
}

// Well reports whether no rule was broken.
func (r Report) Well() bool { return len(r.Violations) == 0 }
