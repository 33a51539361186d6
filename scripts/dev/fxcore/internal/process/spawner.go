package process

import (
	"os/exec"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// slack is how long the kernel may delay a child's timers, to serve several at once (prctl(2), PR_SET_TIMERSLACK).
// The default is 50 µs. While a Go program works, its monitor thread sleeps for only 20 µs at a time. With a dozen
// programs on two cores, these wake-ups used a tenth of the machine.
const slack = 500 * time.Microsecond

// Spawner starts processes from one operating-system thread, which lives as long as the Spawner. The kernel sends a
// child its parent-death signal when the thread that forked it ends. Go may end any other thread at any time.
type Spawner struct {
	requests chan request
}

type request struct {
	cmd  *exec.Cmd
	done chan error
}

// NewSpawner starts the thread. Close ends the thread, and the kernel then signals every child that still runs.
func NewSpawner() *Spawner {
	s := &Spawner{requests: make(chan request)}
	go s.run()
	return s
}

func (s *Spawner) run() {
	runtime.LockOSThread() // never unlocked: the thread ends with this goroutine
	// No child, and no child of a child, can gain rights by a program file: no set-user-ID, no file capability (prctl(2)).
	_ = unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)                          // it fails on no kernel since 3.5
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(slack.Nanoseconds()), 0, 0, 0) // children inherit it; without it they are only slower
	for r := range s.requests {
		r.done <- r.cmd.Start()
	}
}

// Start starts the command. It must not be called after Close.
func (s *Spawner) Start(cmd *exec.Cmd) error {
	done := make(chan error, 1)
	s.requests <- request{cmd, done}
	return <-done
}

// Close ends the thread.
func (s *Spawner) Close() { close(s.requests) }
