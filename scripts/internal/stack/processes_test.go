package stack_test

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"fxcore/scripts/internal/stack"
)

func TestASignalReachesItsProcessAndNeverTheCallersGroup(t *testing.T) {
	// Signal 0 checks whether a signal could be sent. The kernel would accept number 0, which is the caller's own group.
	for _, none := range []int{0, -1, -os.Getpid()} {
		err := stack.Process{Name: "auth", Replica: "1", PID: none, Reason: "exit status 1"}.Signal(0)
		if !errors.Is(err, os.ErrProcessDone) {
			t.Errorf("process %d: %v", none, err)
		}
	}
	cmd := exec.Command("sleep", "60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	p := stack.Process{Name: "auth", PID: cmd.Process.Pid}
	if err := p.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("it was not asked to end")
	}
	if err := p.Signal(syscall.SIGTERM); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("once it is gone: %v", err)
	}
}
