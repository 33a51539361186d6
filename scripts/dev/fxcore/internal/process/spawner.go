package process

import (
	"os/exec"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// slack is by how much the kernel may delay a child's timers to serve several at once (prctl(2), PR_SET_TIMERSLACK),
// instead of 50 µs. While a Go program has anything to do, its monitor thread sleeps for 20 µs at a time; with a dozen
// programs on two cores these wake-ups alone took a tenth of the machine.
const slack = 500 * time.Microsecond

// Spawner starts processes from one operating-system thread that lives as long as the Spawner. The kernel sends a
// child's parent-death signal when the thread that forked it ends, not the process; without this a child could die at any time.
type Spawner struct {
	requests chan request
}

type request struct {
	cmd  *exec.Cmd
	done chan error
}

// NewSpawner starts the thread. Close ends it, and with it every child that still runs.
func NewSpawner() *Spawner {
	s := &Spawner{requests: make(chan request)}
	go s.run()
	return s
}

func (s *Spawner) run() {
	runtime.LockOSThread()                                                        // never unlocked: the thread ends with this goroutine
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(slack.Nanoseconds()), 0, 0, 0) // children inherit it; without it they are only slower
	for r := range s.requests {
		r.done <- r.cmd.Start()
	}
}

// Start starts the command.
func (s *Spawner) Start(cmd *exec.Cmd) error {
	done := make(chan error, 1)
	s.requests <- request{cmd, done}
	return <-done
}

// Close ends the thread. Nothing can be started afterwards.
func (s *Spawner) Close() { close(s.requests) }
