package process

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// Spec says how to run a process and how to check that it is ready.
type Spec struct {
	Name    string // "auth"
	Replica string // "1"; Name and Replica together are unique
	Path    string
	Args    []string
	Env     []string // the whole environment; nothing is inherited
	Dir     string
	Log     string // standard output and error are appended here
	Account Account
	Files   []File   // its secrets, written before each start
	Owns    []string // folders that it writes to: made if they are missing, and given to its account, before each start
	Nice    int      // how far it yields to other processes, 0 to 19: see Lower
	// Stop asks the process to end; SIGKILL follows after Grace. Orphan is the signal from the kernel if the supervisor
	// dies.
	Stop   syscall.Signal
	Orphan syscall.Signal
	Grace  time.Duration
	Health string // base URL of its health address, for other programs
	// Ready returns why the process is not ready; it is called with a deadline. Nil means that the process is ready
	// while it runs.
	Ready func(context.Context) error
}

// ID returns the name in logs: auth-1, or postgres if there is only one.
func (s Spec) ID() string {
	if s.Replica == "" {
		return s.Name
	}
	return s.Name + "-" + s.Replica
}

// Command returns the command that starts the process in its own process group: Ctrl-C at the terminal reaches only
// the supervisor, which stops the processes in order. A process that yields has a session of its own, see Lower.
//
// A process that runs in the supervisor's own folder inherits it. So its account need not be able to reach that folder from
// the root of the file system.
func (s Spec) Command(log *os.File) *exec.Cmd {
	dir := s.Dir
	if here, err := os.Getwd(); err == nil && here == dir {
		dir = ""
	}
	return &exec.Cmd{
		Path: s.Path, Args: append([]string{s.Path}, s.Args...), Env: s.Env, Dir: dir, Stdout: log, Stderr: log,
		SysProcAttr: &syscall.SysProcAttr{
			Setpgid: s.Nice == 0, Setsid: s.Nice > 0, Pdeathsig: s.Orphan,
			Credential: s.Account.Credential, AmbientCaps: s.Account.Capabilities,
		},
	}
}

// Once runs the command to its end. It is for the steps that prepare a server.
func Once(ctx context.Context, s Spec) error {
	if err := s.settle(); err != nil {
		return err
	}
	log, err := OpenLog(s.Log)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	cmd := s.Command(log)
	cmd.SysProcAttr.Pdeathsig = 0 // it runs on any thread, and only shortly
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("run %s: %w", s.Path, err)
	}
	end := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
	defer end()
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("run %s: %w; see %s", s.Path, err, s.Log)
	}
	return nil
}
