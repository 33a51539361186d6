package process

import (
	"os/exec"
	"runtime"
)

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
	runtime.LockOSThread() // never unlocked: the thread ends with this goroutine
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
