package process

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Lower lowers the priority of a process that leads a session of its own. It sets two values, because many kernels share out the processors
// among sessions first, and a process's niceness counts only inside its session (autogroup, sched(7)). Threads and processes that it makes
// later inherit both.
func Lower(pid, nice int) error {
	if err := unix.Setpriority(unix.PRIO_PROCESS, pid, nice); err != nil {
		return fmt.Errorf("lower the priority of process %d: %w", pid, err)
	}
	if err := lowerSession(pid, nice); err != nil {
		return fmt.Errorf("lower the priority of the session of process %d: %w", pid, err)
	}
	return nil
}

// lowerSession waits its turn, because for users other than root the kernel takes one change in a tenth of a second from the whole machine.
func lowerSession(pid, nice int) error {
	file, err := os.OpenFile(fmt.Sprintf("/proc/%d/autogroup", pid), os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the kernel does not group sessions
	}
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	for range 50 {
		if _, err = file.WriteString(strconv.Itoa(nice)); !errors.Is(err, syscall.EAGAIN) {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	return err
}
