// Package report holds the results of runs: as JSON in latest.json, as a line for a person, as CSV rows in docs/faults
// and as the summary in docs/faults.md.
package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"fxcore/scripts/testbench/oracle"
)

// Report is the content of latest.json.
type Report struct {
	At     time.Time `json:"at"`     // when the first run began
	Passed int       `json:"passed"` // runs without a violation
	Failed int       `json:"failed"`
	Runs   []Run     `json:"runs"`
}

// Run is the result of one seed. Times are in milliseconds.
type Run struct {
	Seed       uint64      `json:"seed"`
	At         time.Time   `json:"at"` // when it began, to find it in the logs
	Scenarios  []string    `json:"scenarios"`
	Traffic    []Traffic   `json:"traffic"`
	Faults     []Fault     `json:"faults"`
	Requests   int         `json:"requests"`
	Granted    int         `json:"granted"`
	Approved   int         `json:"approved,omitempty"` // deletions of trades that a second person has approved
	Rejected   []string    `json:"rejected,omitempty"` // requests without a mistake that were rejected, with the reason
	ReadyMS    int64       `json:"ready_ms"`           // from the end of the last fault until every process was ready
	TradingMS  int64       `json:"trading_ms"`         // from the same moment until each provider had a new grant
	SilenceMS  int64       `json:"silence_ms"`         // longest time in which a provider had no final answer
	TookMS     int64       `json:"took_ms"`            // whole run, its judgement included
	Violations []Violation `json:"violations"`
}

// Traffic is one provider's part of a run.
type Traffic struct {
	Kind      string `json:"kind"`
	Provider  string `json:"provider"`
	PerSecond int    `json:"per_second"`
}

// Fault is a planned fault and what became of it.
type Fault struct {
	Kind    string `json:"kind"`
	Target  string `json:"target"`
	AtMS    int64  `json:"at_ms"`
	ForMS   int64  `json:"for_ms,omitempty"`
	BeganMS int64  `json:"began_ms"`          // when it happened
	Skipped string `json:"skipped,omitempty"` // why it did not happen
	Text    string `json:"text"`
}

// Violation is a broken rule.
type Violation struct {
	Rule string `json:"rule"`
	ID   string `json:"id"`
	Text string `json:"text"`

	Originals []oracle.Original `json:"originals,omitempty"` // providers' own messages about it
}

// String returns the violation as one line.
func (v Violation) String() string { return fmt.Sprintf("%s: %s: %s", v.Rule, v.ID, v.Text) }

// Detailed returns the violation as lines: below it the providers' own messages.
func (v Violation) Detailed() string {
	return oracle.Violation{Rule: v.Rule, ID: v.ID, Text: v.Text, Originals: v.Originals}.Detailed()
}

// Add adds a run.
func (r *Report) Add(run Run) {
	if r.Runs = append(r.Runs, run); len(run.Violations) > 0 {
		r.Failed++
		return
	}
	r.Passed++
}

// Write writes the report to a file. It replaces the file atomically.
func (r *Report) Write(path string) error { return WriteJSON(path, r) }

// WriteJSON writes content as JSON to a file. It replaces the file atomically.
func WriteJSON(path string, content any) error {
	b, err := json.MarshalIndent(content, "", "  ")
	if err == nil {
		err = os.WriteFile(path+".new", append(b, '\n'), 0o600)
	}
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// Merge reads several reports into one. If a seed occurs more than once, the last run counts.
func Merge(paths ...string) (Report, error) {
	var all Report
	place := map[uint64]int{}
	for _, path := range paths {
		r, err := read(path)
		if err != nil {
			return all, err
		}
		for _, run := range r.Runs {
			if i, again := place[run.Seed]; again {
				all.Runs[i] = run
				continue
			}
			place[run.Seed] = len(all.Runs)
			all.Runs = append(all.Runs, run)
		}
	}
	runs := all.Runs
	all.Runs = nil
	for _, run := range runs {
		all.Add(run)
	}
	return all, nil
}

func read(path string) (r Report, err error) {
	b, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return r, fmt.Errorf("there is no report %s: make faults writes .run/faults/latest.json", path)
	}
	if err != nil {
		return r, fmt.Errorf("read report %s: %w", path, err)
	}
	return r, nil
}
