package run_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"fxcore/lambda/config"
	"fxcore/lambda/run"
)

// child makes this test binary the program under test. It prints "running". If it is deaf, it never ends by itself.
const child = "RUN_TEST_CHILD"

func TestASignalStopsTheProgram(t *testing.T) {
	if os.Getenv(child) != "" {
		os.Exit(program(os.Getenv(child) == "deaf"))
	}
	for _, s := range []os.Signal{syscall.SIGTERM, syscall.SIGINT} {
		process, running := spawn(t, "polite")
		<-running
		if err := process.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
		if err := process.Wait(); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
}

func TestASecondSignalEndsAtOnce(t *testing.T) {
	process, running := spawn(t, "deaf")
	<-running
	_ = process.Process.Signal(syscall.SIGTERM)
	<-running // it says so once it has heard the first signal
	_ = process.Process.Signal(syscall.SIGTERM)
	_ = process.Wait()
	if code := process.ProcessState.ExitCode(); code != 130 {
		t.Fatalf("exit code %d", code)
	}
}

// A misspelled command, or a question for help, is no further replica.
func TestAWordThatNobodyReadsStartsNothing(t *testing.T) {
	for _, word := range []string{"reconcyle", "-h"} {
		process := exec.CommandContext(t.Context(), os.Args[0], word) //nolint:gosec // ourselves
		process.Env = append(os.Environ(), child+"=words")
		out, err := process.CombinedOutput()
		if process.ProcessState.ExitCode() != 2 || !strings.Contains(string(out), word) || strings.Contains(string(out), run.FirstMessage) {
			t.Errorf("%s: %v, said %s", word, err, out)
		}
	}
}

func program(deaf bool) int {
	app := run.New("service", config.Base{HealthAddr: "127.0.0.1:0"})
	app.Go("loop", func(ctx context.Context) error {
		app.Log.Info("running")
		<-ctx.Done()
		if deaf {
			app.Log.Info("running on")
			select {}
		}
		return nil
	})
	return app.Run()
}

// spawn starts the program and returns a channel that yields whenever it says that it is running.
func spawn(t *testing.T, kind string) (*exec.Cmd, <-chan struct{}) {
	t.Helper()
	process := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestASignalStopsTheProgram$") //nolint:gosec // ourselves
	process.Env = append(os.Environ(), child+"="+kind)
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	running := make(chan struct{}, 8)
	go func() {
		for text := bufio.NewScanner(out); text.Scan(); {
			if strings.Contains(text.Text(), "running") {
				running <- struct{}{}
			}
		}
	}()
	return process, running
}
