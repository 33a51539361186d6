package usage_test

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/testbench/bench/internal/usage"
)

func TestOurOwnUsage(t *testing.T) {
	t.Parallel()
	for begin, n := time.Now(), 0; time.Since(begin) < 50*time.Millisecond; n++ {
		_ = n * n // uses the CPU
	}
	got, err := usage.Read(os.Getpid(), 1<<22+1)
	if err != nil || len(got) != 1 {
		t.Fatalf("%v, error %v", got, err)
	}
	if u := got[os.Getpid()]; u.CPU < 20*time.Millisecond || u.Memory < 1<<20 {
		t.Errorf("usage %+v", u)
	}
}

func TestDescendantsCount(t *testing.T) {
	t.Parallel()
	// The loop ends by itself, after about a second, so that nothing can be left behind.
	shell := exec.CommandContext(t.Context(), "sh", "-c", "(i=0; while [ $i -lt 500000 ]; do i=$((i+1)); done) & wait")
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = shell.Wait() })
	testkit.Eventually(t, "the child's CPU time", 20*time.Second, func() error {
		got, err := usage.Read(shell.Process.Pid)
		if err == nil && got[shell.Process.Pid].CPU < 30*time.Millisecond {
			return os.ErrDeadlineExceeded
		}
		return err
	})
}
