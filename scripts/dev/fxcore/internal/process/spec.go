package process

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// Spec says what to run and how to know that it does its work.
type Spec struct {
	Name    string // "auth"
	Replica string // "1"; Name and Replica together are unique
	Path    string
	Args    []string
	Env     []string // the whole environment; nothing is inherited
	Dir     string
	Log     string // standard output and error are appended here
	Account Account
	// Stop asks the process to end; after Grace it is killed. Orphan is what the kernel sends it should the supervisor die.
	Stop   syscall.Signal
	Orphan syscall.Signal
	Grace  time.Duration
	Health string // base URL of its health address, for those who ask
	// Ready says why the process cannot do its work yet; it is called with a deadline. Nil: a process that runs is ready.
	Ready func(context.Context) error
}

// ID is what logs and people call the process: auth-1, or postgres when there is one only.
func (s Spec) ID() string {
	if s.Replica == "" {
		return s.Name
	}
	return s.Name + "-" + s.Replica
}

// Command is the process before its start, in a process group of its own: a Ctrl-C at the terminal reaches the
// supervisor alone, which stops the others in order.
func (s Spec) Command(log *os.File) *exec.Cmd {
	return &exec.Cmd{
		Path: s.Path, Args: append([]string{s.Path}, s.Args...), Env: s.Env, Dir: s.Dir, Stdout: log, Stderr: log,
		SysProcAttr: &syscall.SysProcAttr{
			Setpgid: true, Pdeathsig: s.Orphan,
			Credential: s.Account.Credential, AmbientCaps: s.Account.Capabilities,
		},
	}
}

// Once runs the command to its end, for the steps that prepare a server.
func Once(ctx context.Context, s Spec) error {
	log, err := OpenLog(s.Log)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	cmd := s.Command(log)
	cmd.SysProcAttr.Pdeathsig = 0 // runs on any thread, and not for long
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
