package settings_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/scripts/testbench/bench/internal/settings"
)

func TestAddressesComeFromTheRecord(t *testing.T) {
	folder := t.TempDir()
	text := `{"ports":{"fix":1},"urls":{"fix":"127.0.0.1:1","api":"https://127.0.0.1:2","amqp":"amqp://o","admin_amqp":"amqp://a","postgres":"postgres://o","admin_postgres":"postgres://p"},
		"processes":[{"name":"auth","replica":"auth-1","pid":7},{"name":"gone","replica":"","pid":0}]}`
	if err := os.WriteFile(filepath.Join(folder, "fxcore.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("RUN_FOLDER", folder)
	t.Setenv("POSTGRES_URL", "postgres://elsewhere")
	t.Setenv("DURATION", "90")
	t.Setenv("WARMUP", "1m")
	s, err := settings.Load()
	if err != nil {
		t.Fatal(err)
	}
	if s.FIX != "127.0.0.1:1" || s.AMQP != "amqp://a" || s.Postgres != "postgres://elsewhere" || s.AdminPostgres != "postgres://p" || s.API != "https://127.0.0.1:2" {
		t.Errorf("addresses %q %q %q %q %q", s.FIX, s.AMQP, s.Postgres, s.AdminPostgres, s.API)
	}
	if time.Duration(s.Duration) != 90*time.Second || time.Duration(s.Warmup) != time.Minute {
		t.Errorf("durations %v %v", s.Duration, s.Warmup)
	}
	if diff := cmp.Diff([]settings.Process{{Name: "auth", Replica: "auth-1", PID: 7}}, s.Processes); diff != "" {
		t.Error(diff)
	}
}

func TestWithoutACoreItSaysHowToStartOne(t *testing.T) {
	t.Setenv("RUN_FOLDER", t.TempDir())
	if _, err := settings.Load(); !errors.Is(err, settings.ErrNotRunning) {
		t.Fatalf("error: %v", err)
	}
}

func TestValuesOutOfRangeAreNamed(t *testing.T) {
	t.Setenv("RUN_FOLDER", t.TempDir())
	for name, value := range map[string]string{"SESSIONS": "9", "RATE": "0", "INFLIGHT": "x", "DURATION": "-1", "CHECKS": "101", "RUNS": "0", "BURST": "0"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, value)
			if _, err := settings.Load(); err == nil || errors.Is(err, settings.ErrNotRunning) {
				t.Fatalf("%s=%s: error %v", name, value, err)
			}
		})
	}
}
