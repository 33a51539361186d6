package report_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fxcore/scripts/testbench/bench/internal/report"
)

func TestARunIsComparedWithTheOneWithout(t *testing.T) {
	folder := t.TempDir()
	without := report.Report{TradesPerSecond: 400, OpenP50: 20}
	if err := without.Write(folder, nil); err != nil {
		t.Fatal(err)
	}
	with := report.Report{TradesPerSecond: 300, OpenP50: 22}
	if err := with.Compare(filepath.Join(folder, "latest.json")); err != nil {
		t.Fatal(err)
	}
	if f := with.Full; math.Abs(f.P50Ratio-1.1) > 1e-9 || f.ThroughputRatio != 0.75 || f.WithoutTrades != 400 || f.WithoutOpenP50 != 20 {
		t.Errorf("%+v", f)
	}
	if err := with.Compare(filepath.Join(folder, "none.json")); err == nil {
		t.Error("a report that is not there: no error")
	}
	if err := with.Write(folder, nil); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "latest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"full_p50_ratio", "full_throughput_ratio", "messages_per_second", "spans_missing"} {
		if _, there := fields[name]; !there {
			t.Errorf("the file has no %s", name)
		}
	}
	var told strings.Builder
	with.Print(&told)
	if !strings.Contains(strings.Join(strings.Fields(told.String()), " "), "0.75 times the trades a second without: 400") {
		t.Error(told.String())
	}
}
