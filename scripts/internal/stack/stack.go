// Package stack runs a whole core for a test: the servers, services and simulators that make run starts, in a folder
// and on ports of its own, but without the demo's providers. It can kill processes and wait for their return.
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
	Folder string // holds everything that the core writes: data, log, env, fxcore.json
	Bin    string // folder of the programs

	out        io.Writer
	env        []string
	supervisor *exec.Cmd
	leash      io.Closer
	ended      chan struct{} // closed when the supervisor has ended
	end        error         // how it ended; read it only after ended is closed
}

// Bounds of a start and a stop.
const (
	startBound = 6 * time.Minute // the first start creates a database, and the Java servers of a full start are slow on a busy machine
	stopBound  = time.Minute
)

// up is what the supervisor's command prints when everything runs. The command then reads its input to the end. If
// this process dies in any way, the input ends, the command ends, and the supervisor ends all other processes.
const up = "everything runs"

// Start runs the programs of the folder bin with their data in folder, and returns when all of them are ready. It
// writes progress to out. env are further settings of fxcore, NAME=value.
func Start(ctx context.Context, bin, folder string, out io.Writer, env ...string) (*Stack, error) {
	s := &Stack{Folder: folder, Bin: bin, out: out, env: env}
	return s, s.Again(ctx)
}

// Again starts the core again after Stop or KillAll, with the data in the folder.
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
	_, _ = io.Copy(io.Discard, said) // Wait requires that the output is read to its end
	s.end = s.supervisor.Wait()
	close(s.ended)
}

// await waits until the supervisor says that everything runs, and until every process is ready: the supervisor goes on
// without a process that takes too long. If that fails, await stops the core.
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
		return fmt.Errorf("start core: the supervisor has ended: %w", errors.Join(s.end, errors.New("see its output above")))
	case <-ctx.Done():
		err = ctx.Err()
	}
	return errors.Join(fmt.Errorf("start core: %w", err), s.Stop())
}

// Stop ends the core. Its data stay in the folder.
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

// KillAll kills the supervisor (SIGKILL); the kernel then kills the supervisor's processes. It returns when the
// supervisor has ended. Again ends any process that is left.
func (s *Stack) KillAll() error {
	if err := s.supervisor.Process.Kill(); err != nil {
		return fmt.Errorf("kill supervisor: %w", err)
	}
	_ = s.leash.Close() // ends the supervisor's command
	select {
	case <-s.ended: // its exit status says that it was killed
		return nil
	case <-time.After(stopBound):
		return fmt.Errorf("kill supervisor: not gone after %s", stopBound)
	}
}

// Log returns the path of a process's log.
func (s *Stack) Log(id string) string { return filepath.Join(s.Folder, "log", id+".log") }
