package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fxcore/scripts/testbench/bench/internal/report"
)

func TestTheFileOfJobsHasTheAgreedFields(t *testing.T) {
	t.Parallel()
	r := report.Jobs{Legs: 5, LineCheckP99: 20, LineCheckJobs: 30}
	r.Add(report.Execute, 100, "legs", 4*time.Second, 80)
	folder := t.TempDir()
	if err := r.Write(folder); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "jobs.json")) //nolint:gosec // our own
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Jobs   map[string]map[string]any `json:"jobs"`
		P99    float64                   `json:"linecheck_p99_ms"`
		Jobs99 float64                   `json:"linecheck_p99_jobs_ms"`
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	job := got.Jobs["execute"]
	if job["seconds"] != 4.0 || job["per_second"] != 25.0 || job["peak_mb"] != 80.0 || got.P99 != 20 || got.Jobs99 != 30 {
		t.Errorf("%s", text)
	}
	var said bytes.Buffer
	r.Print(&said)
	if !strings.Contains(said.String(), "execute") || !strings.Contains(said.String(), "p99 30.0 ms") {
		t.Errorf("%s", said.String())
	}
}
