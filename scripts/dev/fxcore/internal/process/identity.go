// Package process starts processes, keeps them running, and ends them: those that it started and no others.
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

// Identity tells a process from a later one with the same number: the kernel's start time, in ticks since boot, and
// the boot.
type Identity struct {
	PID     int    `json:"pid"`
	Started uint64 `json:"started"`
	Boot    string `json:"boot"`
}

// Identify reads a running process' identity. It fails if there is none, or if it has ended and awaits its parent.
func Identify(pid int) (Identity, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return Identity{}, fmt.Errorf("identify process %d: %w", pid, err)
	}
	// The second field, the program's name in brackets, may hold blanks and brackets; state and start time come after it.
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

// Alive tells whether this very process still runs.
func (i Identity) Alive() bool {
	now, err := Identify(i.PID)
	return err == nil && now == i
}

// Signal sends a signal to this very process. It returns os.ErrProcessDone if it is gone, whoever has its number now.
func (i Identity) Signal(s syscall.Signal) error {
	p, err := os.FindProcess(i.PID) // a handle (pidfd): the number cannot change hands between the check and the signal
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

// End asks the process to stop, and kills it when it has not within grace. It returns once the process is gone. One that
// stands still (SIGSTOP) is let go on, lest it never hear of it.
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
		return fmt.Errorf("process %d does not end, even when killed", i.PID)
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
