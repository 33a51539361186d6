package main

import (
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

func TestReportsBecomeATable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latest.json")
	var r report.Report
	r.Add(report.Run{Seed: 4, Requests: 10})
	if err := r.Write(path); err != nil {
		t.Fatal(err)
	}
	if code, out := do(t, "-table", path); code != 0 || !strings.Contains(out, "| 4 |") {
		t.Errorf("%d: %s", code, out)
	}
	if code, out := do(t, "-table", path+".not"); code != 1 || !strings.Contains(out, "there is no report") {
		t.Errorf("%d: %s", code, out)
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
	if code, out := do(t, "-folder", folder); code != 1 || !strings.Contains(out, "another run is under way") {
		t.Errorf("%d: %s", code, out)
	}
	release()
	release, err = lock(folder)
	if err != nil {
		t.Fatal(err)
	}
	release()
}
