package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"fxcore/scripts/internal/fixwire/fixwiretest"
	"fxcore/scripts/testbench/bench/internal/report"
	"fxcore/scripts/testbench/bench/internal/settings"
)

// Each service loses its first replica. The runs are in the report and in the file. On a busy machine all answers may
// come before the kill, so a run without silence is repeated with a longer load.
func TestStallsKillOneReplicaOfEach(t *testing.T) {
	for length := 300 * time.Millisecond; !stallsAreMeasured(t, length); length *= 4 {
		if length > time.Minute {
			t.Fatal("no silence is measured")
		}
	}
}

func stallsAreMeasured(t *testing.T, length time.Duration) bool {
	t.Helper()
	cfg := quick(t, fixwiretest.Grant)
	cfg.StallRate, cfg.StallRuns, cfg.StallDuration = 100, 1, settings.Seconds(length)
	running := map[string]*exec.Cmd{}
	for _, service := range victims()[1:] {
		for _, replica := range []string{"1", "2"} {
			cmd := exec.Command("sleep", "3600")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _, _ = cmd.Process.Kill(), cmd.Wait() })
			running[service+"-"+replica] = cmd
			cfg.Processes = append(cfg.Processes, settings.Process{Name: service, Replica: replica, PID: cmd.Process.Pid, State: "ready"})
		}
	}
	var out bytes.Buffer
	s := newStalls(cfg, func() (settings.Settings, error) { return cfg, nil }, &out)
	if err := s.run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, service := range victims()[1:] {
		if err := running[service+"-1"].Wait(); err == nil {
			t.Errorf("%s-1 has ended by itself", service)
		}
		if running[service+"-2"].ProcessState != nil {
			t.Errorf("%s-2 was killed as well", service)
		}
	}
	folder := t.TempDir()
	if err := s.report.Write(folder); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "stall.json"))
	if err != nil {
		t.Fatal(err)
	}
	var read report.Stalls
	if err := json.Unmarshal(text, &read); err != nil || len(read.Services) != len(victims()) || read.Sent == 0 || read.Lost != 0 {
		t.Fatalf("%s, error %v", text, err)
	}
	measured := true
	for _, one := range read.Services {
		if one.Runs != 1 || one.SlowestMax <= 0 {
			t.Errorf("%+v", one)
		}
		measured = measured && one.SilenceMax > 0
	}
	return measured
}
