// Package program runs whole programs in a test, as their main functions would, and peers that exchange messages with them.
package program

import (
	"fmt"
	"net/http"
	"os"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"fxcore/lambda/config"
	"fxcore/lambda/run"
	"fxcore/lambda/testkit"
)

// Base are the settings that every program has.
func Base(replica string) config.Base {
	return config.Base{Replica: replica, HealthAddr: "127.0.0.1:0"}
}

// NoRemnant makes the test fail if it leaves a goroutine behind: one that runs after all cleanups and did not run when NoRemnant
// was called. Call it first.
func NoRemnant(t *testing.T) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections() // testkit's, to the broker's management API
		goleak.VerifyNone(t, before)
	})
}

// Start runs the programs, and returns when all of them are ready and without warnings. The test ends if that takes longer than
// the given time. stop sends SIGTERM, as an operator would; the test fails if a program does not exit with 0.
func Start(t *testing.T, within time.Duration, apps ...*run.App) (stop func()) {
	t.Helper()
	codes := make(chan int, len(apps))
	for _, app := range apps {
		go func() { codes <- app.Run() }()
	}
	for _, app := range apps {
		testkit.Eventually(t, "readiness", within, func() error { return well(t, app) })
	}
	return func() {
		t.Helper()
		if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		for range apps {
			if code := <-codes; code != 0 {
				t.Errorf("exit code %d", code)
			}
		}
	}
}

func well(t *testing.T, app *run.App) error {
	t.Helper()
	if s := app.Health.Status(t.Context()); !s.Ready || len(s.Warnings) > 0 {
		return fmt.Errorf("not ready for %v, warnings %v", s.Reasons, s.Warnings)
	}
	return nil
}
