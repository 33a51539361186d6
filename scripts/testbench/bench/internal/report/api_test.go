package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"fxcore/scripts/testbench/bench/internal/crowd"
	"fxcore/scripts/testbench/bench/internal/raw"
	"fxcore/scripts/testbench/bench/internal/report"
)

// Of three runs the times are medians, and the counts those of the worst run.
func TestRunsOfTheInterfaceBecomeOneFigure(t *testing.T) {
	t.Parallel()
	a := report.API{Trades: 10}
	for i, seconds := range []int{4, 2, 3} {
		latencies := hdrhistogram.New(1, 300_000_000, 3)
		_ = latencies.RecordValue(int64(seconds) * 1e6)
		a.Add(raw.Result{Took: time.Duration(i+1) * time.Second}, crowd.Result{
			Trades: 10, Registered: 10 - i, Refused: i, Took: time.Duration(seconds) * time.Second, Latencies: latencies, Reason: "no room",
		})
	}
	a.Finish()
	if a.Registered != 8 || a.Refused != 2 || a.Seconds != 3 || a.RawChain != 2 || a.Ratio != 1.5 || a.P50 < 2990 || a.P50 > 3010 || len(a.Runs) != 3 {
		t.Errorf("%+v", a)
	}
	var said bytes.Buffer
	a.Print(&said)
	if !strings.Contains(said.String(), "3.00 s, 1.50 of the raw chain's time") || !strings.Contains(said.String(), "no room") {
		t.Error(said.String())
	}
}
