// Package stack runs a whole core of its own for tests: with servers, services and simulators as make run has them, in a
// folder and on ports of its own, and with nobody who trades by himself. It kills processes and waits for their return.
package stack

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Stack is a running core.
type Stack struct {
	Folder string // all that it keeps: data, log, env, fxcore.json
	Bin    string // its programs

	out        io.Writer
	env        []string
	supervisor *exec.Cmd
	leash      io.Closer
	ended      chan struct{} // closed once the supervisor is gone
	end        error         // how; to be read after that
}

// Bounds of starting and stopping.
const (
	startBound = 3 * time.Minute // the first start makes a database
	stopBound  = time.Minute
)

// up is what the supervisor's command says once everything runs. The command then reads its input to the end: should this
// process die, however it dies, its end of the pipe closes, the command ends, and the supervisor ends all others.
const up = "everything runs"

// Start runs the programs in bin in a folder, and returns once all of them are ready. Progress goes to out; env are
// further settings of fxcore.
func Start(ctx context.Context, bin, folder string, out io.Writer, env ...string) (*Stack, error) {
	s := &Stack{Folder: folder, Bin: bin, out: out, env: env}
	return s, s.Again(ctx)
}

// Again starts everything on what is in the folder, after Stop or KillAll.
func (s *Stack) Again(ctx context.Context) error {
	s.supervisor = exec.Command(filepath.Join(s.Bin, "fxcore"), "with", "sh", "-c", "echo "+up+"; exec cat") //nolint:gosec,noctx // ours; Stop ends it
	s.supervisor.Env = append(append(os.Environ(), "FXCORE_ROOT="+s.Folder), s.env...)
	s.supervisor.Stderr = s.out
	leash, err := s.supervisor.StdinPipe()
	if err != nil {
		return fmt.Errorf("start core: %w", err)
	}
	said, err := s.supervisor.StdoutPipe()
	if err != nil {
		return fmt.Errorf("start core: %w", err)
	}
	s.leash, s.ended = leash, make(chan struct{})
	if err := s.supervisor.Start(); err != nil {
		return fmt.Errorf("start core: %w", err)
	}
	ready := make(chan struct{})
	go s.wait(said, ready)
	return s.await(ctx, ready)
}

func (s *Stack) wait(said io.Reader, ready chan<- struct{}) {
	lines := bufio.NewScanner(said)
	if lines.Scan() && strings.Contains(lines.Text(), up) {
		close(ready)
	}
	_, _ = io.Copy(io.Discard, said) // to its end, as Wait demands
	s.end = s.supervisor.Wait()
	close(s.ended)
}

// await also holds what the supervisor does not: that no process was given up waiting for.
func (s *Stack) await(ctx context.Context, ready <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, startBound)
	defer cancel()
	var err error
	select {
	case <-ready:
		if err = s.AwaitReady(ctx); err == nil {
			return nil
		}
	case <-s.ended:
		return fmt.Errorf("start core: the supervisor has ended: %w", errors.Join(s.end, errors.New("its own words are above")))
	case <-ctx.Done():
		err = ctx.Err()
	}
	return errors.Join(fmt.Errorf("start core: %w", err), s.Stop())
}

// Stop ends everything. What it kept stays in the folder.
func (s *Stack) Stop() error {
	_ = s.leash.Close()
	select {
	case <-s.ended:
		if s.end != nil {
			return fmt.Errorf("stop core: %w", s.end)
		}
		return nil
	case <-time.After(stopBound):
		return errors.Join(fmt.Errorf("stop core: not ended after %s", stopBound), s.supervisor.Process.Kill())
	}
}

// KillAll kills the supervisor (SIGKILL), with which the kernel ends its processes. It returns once the supervisor is gone; Again cleans
// up what is not.
func (s *Stack) KillAll() error {
	if err := s.supervisor.Process.Kill(); err != nil {
		return fmt.Errorf("kill supervisor: %w", err)
	}
	_ = s.leash.Close() // its command
	select {
	case <-s.ended: // killed, as it says
		return nil
	case <-time.After(stopBound):
		return fmt.Errorf("kill supervisor: not gone after %s", stopBound)
	}
}

// Log is the file of a process' log.
func (s *Stack) Log(id string) string { return filepath.Join(s.Folder, "log", id+".log") }
