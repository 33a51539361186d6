//go:build e2e

package month_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"fxcore/scripts/testbench/month/internal/month"
)

// TestShortMonth is a month's program over a few days: over the end of a month and of a year, a holiday of all currencies, and a
// weekend. All its violations fail the test.
func TestShortMonth(t *testing.T) {
	repository, err := filepath.Abs("../../../../..")
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(repository, ".run", "month-test")
	build(t, repository, filepath.Join(home, "bin"))
	r, err := month.Run(t.Context(), month.Settings{
		Days: 4, Trades: 60, From: beforeNewYear(time.Now()), Bin: filepath.Join(home, "bin"), Folder: filepath.Join(home, "core"), Out: t.Output(),
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Print(t.Output())
	for _, v := range r.Violations {
		t.Error(v)
	}
	if !r.Kept() || r.Days != 4 || r.TradesByFIX == 0 || r.TradesBySocket == 0 || r.TradesByAPI == 0 || r.LegsExecuted < r.Days || r.LegsOpen == 0 {
		t.Errorf("promises were not kept, or the days prove nothing: %+v", r)
	}
	if !t.Failed() {
		_ = os.RemoveAll(home)
	}
}

// beforeNewYear is the next 30 December, two days before all banks are closed.
func beforeNewYear(now time.Time) string {
	day := time.Date(now.Year(), time.December, 30, 0, 0, 0, 0, time.UTC)
	if now.After(day.AddDate(0, 0, -1)) {
		day = day.AddDate(1, 0, 0)
	}
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDate(0, 0, -1)
	}
	return day.Format(time.DateOnly)
}

func build(t *testing.T, repository, bin string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "make", "--no-print-directory", "build", "BIN="+bin)
	cmd.Dir, cmd.Env = repository, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, out)
	}
}
