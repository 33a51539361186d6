package report_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/scripts/testbench/faults/internal/report"
)

func run(seed uint64, violations ...report.Violation) report.Run {
	return report.Run{
		Seed: seed, Scenarios: []string{"anyone"}, Requests: 600, Granted: 580, ReadyMS: 1200, TradingMS: 800, SilenceMS: 2340, TookMS: 15000,
		Faults: []report.Fault{
			{Kind: "kill", Target: "auth-1", Text: "kill auth-1 @1.0s"},
			{Kind: "kill", Target: "auth-1", Text: "kill auth-1 @1.5s", Skipped: "it does not run"},
		},
		Violations: violations,
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latest.json")
	r := report.Report{At: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)}
	r.Add(run(1))
	r.Add(run(2, report.Violation{Rule: "booked once", ID: "T1", Text: "not booked"}))
	if err := r.Write(path); err != nil {
		t.Fatal(err)
	}
	got, err := report.Merge(path)
	if err != nil {
		t.Fatal(err)
	}
	got.At = r.At
	if diff := cmp.Diff(r, got); diff != "" || r.Passed != 1 || r.Failed != 1 {
		t.Errorf("%d passed, %d failed: %s", r.Passed, r.Failed, diff)
	}
}

func TestOfASeedThatComesAgainTheLastCounts(t *testing.T) {
	first, second := filepath.Join(t.TempDir(), "1.json"), filepath.Join(t.TempDir(), "2.json")
	var a, b report.Report
	a.Add(run(1, report.Violation{Rule: "booked once"}))
	a.Add(run(2))
	b.Add(run(1))
	b.Add(run(3))
	for path, r := range map[string]*report.Report{first: &a, second: &b} {
		if err := r.Write(path); err != nil {
			t.Fatal(err)
		}
	}
	got, err := report.Merge(first, second)
	if err != nil || len(got.Runs) != 3 || got.Passed != 3 || got.Failed != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := report.Merge(first + ".not"); err == nil {
		t.Error("a report that is not there: no error")
	}
}

func TestTheLine(t *testing.T) {
	if got := run(7).Line(); !strings.HasPrefix(got, "seed 7 ") || !strings.Contains(got, " ok ") || !strings.HasSuffix(got, "kill auth-1 @1.0s, (kill auth-1 @1.5s)") {
		t.Error(got)
	}
	if got := run(7, report.Violation{}).Line(); !strings.Contains(got, "1 VIOLATIONS") {
		t.Error(got)
	}
}
