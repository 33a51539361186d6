package usage_test

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/testbench/bench/internal/usage"
)

// tick is the unit of /proc. It rounds user and system time down separately.
const tick = 10 * time.Millisecond

// The usage must lie between what another system call says before and after. No other test may run at the same time,
// because it could have children.
func TestOurOwnUsage(t *testing.T) {
	for used(t) < 10*tick {
	}
	before := used(t)
	got, err := usage.Read(os.Getpid(), 1<<22+1)
	after := used(t)
	if err != nil || len(got) != 1 {
		t.Fatalf("%v, error %v", got, err)
	}
	if u := got[os.Getpid()]; u.CPU < before-2*tick || u.CPU > after || u.Memory < 1<<20 {
		t.Errorf("usage %+v; CPU time was %s before and %s after", u, before, after)
	}
}

// used returns the CPU time of this process.
func used(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestDescendantsCount(t *testing.T) {
	t.Parallel()
	// The child ends with the shell, and the shell with this process, so that nothing is left behind.
	shell := exec.CommandContext(t.Context(), "sh", "-c", "(while kill -0 $$ 2>/dev/null; do :; done) & wait")
	shell.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = shell.Process.Kill(), shell.Wait() })
	testkit.Eventually(t, "the child's CPU time", time.Minute, func() error {
		got, err := usage.Read(shell.Process.Pid)
		if err == nil && got[shell.Process.Pid].CPU < 30*time.Millisecond {
			return os.ErrDeadlineExceeded
		}
		return err
	})
}
