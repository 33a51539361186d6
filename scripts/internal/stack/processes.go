package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Record is the supervisor's report in fxcore.json.
type Record struct {
	Ports      map[string]int    `json:"ports"`
	URLs       map[string]string `json:"urls"` // postgres, amqp, redis (of the observer; with admin_ before it, of the administrator), fix (host:port), mainframe_control
	Supervisor struct {
		PID int `json:"pid"`
	} `json:"supervisor"`
	Processes []Process `json:"processes"`
}

// Process is one process of the core.
type Process struct {
	Name     string `json:"name"`
	Replica  string `json:"replica"`
	PID      int    `json:"pid"` // 0: it does not run
	Health   string `json:"health"`
	State    string `json:"state"`
	Reason   string `json:"reason"`
	Restarts int    `json:"restarts"`

	Stop syscall.Signal `json:"stop"` // the signal that ends it cleanly
}

// ID returns the name in logs: auth-1, or postgres.
func (p Process) ID() string {
	if p.Replica == "" {
		return p.Name
	}
	return p.Name + "-" + p.Replica
}

// Signal sends a signal to the process. It is an error if the process does not run: the kernel would signal the
// caller's own group for number 0.
func (p Process) Signal(signal syscall.Signal) error {
	if p.PID <= 0 {
		return fmt.Errorf("send %s to %s: it does not run: %s: %w", signal, p.ID(), p.Reason, os.ErrProcessDone)
	}
	if err := syscall.Kill(p.PID, signal); err != nil {
		return fmt.Errorf("send %s to %s, process %d: %w", signal, p.ID(), p.PID, err)
	}
	return nil
}

// Record reads the current record.
func (s *Stack) Record() (Record, error) {
	var r Record
	b, err := os.ReadFile(filepath.Join(s.Folder, "fxcore.json"))
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if err != nil {
		return r, fmt.Errorf("read the supervisor's record: %w", err)
	}
	return r, nil
}

// Process returns the process with the id, or an error if there is none.
func (s *Stack) Process(id string) (Process, error) {
	r, err := s.Record()
	if err != nil {
		return Process{}, err
	}
	for _, p := range r.Processes {
		if p.ID() == id {
			return p, nil
		}
	}
	return Process{}, fmt.Errorf("there is no process %s", id)
}

// Kill ends a process at once (SIGKILL) and returns its record from before.
func (s *Stack) Kill(id string) (Process, error) {
	p, err := s.Process(id)
	if err == nil {
		err = p.Signal(syscall.SIGKILL)
	}
	return p, err
}

const lookEvery = 20 * time.Millisecond

// AwaitReturn waits until a new process is ready in place of the killed one, or ctx ends.
func (s *Stack) AwaitReturn(ctx context.Context, killed Process) error {
	return s.poll(ctx, func(r Record) string {
		for _, p := range r.Processes {
			if p.ID() == killed.ID() && p.PID != killed.PID && p.State == "ready" {
				return ""
			}
		}
		return killed.ID() + " has not returned"
	})
}

// AwaitReady waits until every process is ready, or ctx ends.
func (s *Stack) AwaitReady(ctx context.Context) error {
	return s.poll(ctx, func(r Record) string {
		var late []string
		for _, p := range r.Processes {
			if p.State != "ready" {
				late = append(late, fmt.Sprintf("%s is %s: %s", p.ID(), p.State, p.Reason))
			}
		}
		return strings.Join(late, "; ")
	})
}

// poll calls look with each new record until look returns an empty text. When ctx ends, it returns the last text as
// an error.
func (s *Stack) poll(ctx context.Context, look func(Record) string) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		left := "no record of the supervisor"
		r, err := s.Record()
		if err == nil {
			left = look(r)
		}
		if left == "" {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", left, ctx.Err())
		case <-tick.C:
		}
	}
}

// HoldDown keeps processes from running until ctx ends: it kills each of them as soon as the supervisor has started
// it again. After that, the supervisor's next start succeeds.
func (s *Stack) HoldDown(ctx context.Context, ids ...string) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		for _, id := range ids {
			if err := s.killIfThere(id); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (s *Stack) killIfThere(id string) error {
	p, err := s.Process(id)
	if err != nil || p.PID == 0 {
		return err
	}
	if err := p.Signal(syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}
