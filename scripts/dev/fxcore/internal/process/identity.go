// Package process starts processes, restarts them, and ends them. It signals only processes that it has identified.
package process

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Identity identifies a process even if a later one has the same number: by its start time (in ticks since boot) and
// the boot.
type Identity struct {
	PID     int    `json:"pid"`
	Started uint64 `json:"started"`
	Boot    string `json:"boot"`
}

// Identify reads the identity of a running process. It returns an error, such as os.ErrProcessDone, if the process
// does not exist or has ended.
func Identify(pid int) (Identity, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return Identity{}, fmt.Errorf("identify process %d: %w", pid, err)
	}
	// The second field, the program's name in brackets, may contain spaces and brackets; state and start time come after
	// it.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	const state, started = 0, 19 // proc(5): fields 3 and 22
	if len(fields) <= started || fields[state] == "Z" {
		return Identity{}, fmt.Errorf("identify process %d: %w", pid, os.ErrProcessDone)
	}
	ticks, err := strconv.ParseUint(fields[started], 10, 64)
	if err != nil {
		return Identity{}, fmt.Errorf("identify process %d: %w", pid, err)
	}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return Identity{}, fmt.Errorf("identify process %d: %w", pid, err)
	}
	return Identity{PID: pid, Started: ticks, Boot: strings.TrimSpace(string(boot))}, nil
}

// Alive reports whether this same process still runs.
func (i Identity) Alive() bool {
	now, err := Identify(i.PID)
	return err == nil && now == i
}

// Signal sends a signal to this same process. It returns os.ErrProcessDone if the process has ended, even if another
// one has its number now.
func (i Identity) Signal(s syscall.Signal) error {
	p, err := os.FindProcess(i.PID) // a handle (pidfd): no other process can get the number before the signal
	if err != nil {
		return fmt.Errorf("signal process %d: %w", i.PID, err)
	}
	defer func() { _ = p.Release() }()
	if !i.Alive() {
		return os.ErrProcessDone
	}
	if err := p.Signal(s); err != nil {
		return fmt.Errorf("signal process %d: %w", i.PID, err)
	}
	return nil
}

// End sends the stop signal, and SIGKILL if the process has not ended after grace. It returns when the process has
// ended. It also sends SIGCONT, because a stopped process (SIGSTOP) does not receive the signal. It returns an error
// if the process does not end.
func (i Identity) End(stop syscall.Signal, grace time.Duration) error {
	if err := errors.Join(i.Signal(stop), i.Signal(syscall.SIGCONT)); err != nil {
		return ignoreDone(err)
	}
	if i.gone(grace) {
		return nil
	}
	if err := i.Signal(syscall.SIGKILL); err != nil {
		return ignoreDone(err)
	}
	if !i.gone(5 * time.Second) {
		return fmt.Errorf("process %d does not end, even after SIGKILL", i.PID)
	}
	return nil
}

func (i Identity) gone(within time.Duration) bool {
	for deadline := time.Now().Add(within); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if !i.Alive() {
			return true
		}
	}
	return !i.Alive()
}

func ignoreDone(err error) error {
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}
