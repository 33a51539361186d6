package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"fxcore/scripts/internal/fixwire/fixwiretest"
	"fxcore/scripts/testbench/bench/internal/crowd/crowdtest"
)

// answering returns a bench of two runs of 40 trades, at an interface with such answers.
func answering(t *testing.T, answer func(a crowdtest.Asked) (int, string)) (*apiBench, *bytes.Buffer) {
	t.Helper()
	cfg := quick(t, fixwiretest.Grant)
	cfg.API, cfg.Folder = crowdtest.Serve(t, answer)
	cfg.Burst, cfg.Runs = 40, 2
	var out bytes.Buffer
	return newAPIBench(cfg, &out), &out
}

func TestTradesByTheInterfaceFillTheirReport(t *testing.T) {
	b, out := answering(t, func(crowdtest.Asked) (int, string) { return http.StatusOK, crowdtest.Registered })
	if err := b.run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	folder := t.TempDir()
	if err := b.report.Write(folder); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "api.json"))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Trades, Registered, Refused int
		Seconds, Ratio              float64
		P50                         float64 `json:"p50_ms"`
		P99                         float64 `json:"p99_ms"`
		Raw                         float64 `json:"raw_chain_seconds"`
		Runs                        []any
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if got.Trades != 40 || got.Registered != 40 || got.Refused != 0 || len(got.Runs) != 2 || min(got.Seconds, got.Ratio, got.P50, got.P99, got.Raw) <= 0 {
		t.Errorf("%s", text)
	}
}

func TestATradeThatIsNotRegisteredFailsTheRun(t *testing.T) {
	b, out := answering(t, func(a crowdtest.Asked) (int, string) {
		if a.User == "U0019" {
			return http.StatusOK, crowdtest.Rejected
		}
		return http.StatusOK, crowdtest.Registered
	})
	err := b.run(t.Context())
	if !errors.Is(err, errNotRegistered) || b.report.Registered != 30 || b.report.Refused != 10 || len(b.report.Runs) != 2 {
		t.Errorf("%v: %+v\n%s", err, b.report, out.String())
	}
}
