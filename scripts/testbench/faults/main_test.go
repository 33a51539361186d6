package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fxcore/scripts/testbench/faults/internal/report"
)

func do(t *testing.T, args ...string) (code int, out string) {
	t.Helper()
	var said strings.Builder
	code = faults(t.Context(), args, &said, &said)
	return code, said.String()
}

func TestASeedIsShownWithoutARun(t *testing.T) {
	code, first := do(t, "-list", "-seed", "7", "-runs", "2")
	if code != 0 || !strings.Contains(first, "seed 7: [") || !strings.Contains(first, "seed 8: [") || strings.Contains(first, "seed 9") {
		t.Errorf("%d: %s", code, first)
	}
	if _, again := do(t, "-list", "-seed", "7", "-runs", "2"); again != first {
		t.Errorf("shown as\n%s\nand as\n%s", first, again)
	}
}

func TestReportsBecomeRowsAndASummary(t *testing.T) {
	folder := t.TempDir()
	latest, rows := filepath.Join(folder, "latest.json"), filepath.Join(folder, "rows.csv")
	var r report.Report
	r.Add(report.Run{Seed: 4, Requests: 10})
	if err := r.Write(latest); err != nil {
		t.Fatal(err)
	}
	code, out := do(t, "-csv", latest)
	if code != 0 || !strings.Contains(out, "\n4,,10,0.0,") {
		t.Errorf("%d: %s", code, out)
	}
	if err := os.WriteFile(rows, []byte(out), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out := do(t, "-summary", rows); code != 0 || !strings.Contains(out, "| all runs | 1 | 1 | 10 |") {
		t.Errorf("%d: %s", code, out)
	}
}

func TestAReportThatIsNotThereIsAnError(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "latest.json")
	if code, out := do(t, "-csv", missing); code != 1 || !strings.Contains(out, "there is no report") {
		t.Errorf("%d: %s", code, out)
	}
	if code, out := do(t, "-summary", missing); code != 1 || !strings.Contains(out, "open rows") {
		t.Errorf("%d: %s", code, out)
	}
}

// docs/faults.md must show the summary of the rows in docs/faults.
func TestTheManualShowsTheSummaryOfItsRows(t *testing.T) {
	manual, err := os.ReadFile("../../../docs/faults.md")
	if err != nil {
		t.Fatal(err)
	}
	code, table := do(t, "-summary", "../../../docs/faults/seeds-1-300.csv")
	if code != 0 || !strings.Contains(string(manual), table) {
		t.Errorf("exit code %d; docs/faults.md should show\n%s", code, table)
	}
}

func TestWhatIsNotUnderstoodBeginsNothing(t *testing.T) {
	for _, args := range [][]string{{"-runs", "0"}, {"-fresh", "0"}, {"-seed", "x"}, {"-nothing"}} {
		if code, out := do(t, args...); code != 2 || out == "" {
			t.Errorf("%q: %d: %s", args, code, out)
		}
	}
}

func TestTwoRunnersDoNotMeet(t *testing.T) {
	folder := t.TempDir()
	release, err := lock(folder)
	if err != nil {
		t.Fatal(err)
	}
	if code, out := do(t, "-folder", folder); code != 1 || !strings.Contains(out, "another runner uses") {
		t.Errorf("%d: %s", code, out)
	}
	release()
	release, err = lock(folder)
	if err != nil {
		t.Fatal(err)
	}
	release()
}
