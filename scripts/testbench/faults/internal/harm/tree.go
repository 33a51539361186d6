package harm

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Process identifies a running process by its number and its start time. A later process with the same number has
// another start time.
type Process struct {
	PID     int
	Parent  int
	Stop    syscall.Signal // the signal that ends it cleanly, if known
	Grace   time.Duration  // from the signal until it is killed
	started string
}

// Find returns the process with the number; false if there is none.
func Find(pid int) (Process, bool) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return Process{}, false
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])) // after the name, which may contain spaces
	const state, parent, started = 0, 1, 19                                   // proc(5): fields 3, 4, 22
	if len(fields) <= started || fields[state] == "Z" {
		return Process{}, false
	}
	above, err := strconv.Atoi(fields[parent])
	return Process{PID: pid, Parent: above, started: fields[started]}, err == nil
}

// runs reports whether this same process still runs.
func (p Process) runs() bool {
	now, there := Find(p.PID)
	return there && now.started == p.started
}

// signal sends a signal to this same process. It returns an error if the process has ended.
func (p Process) signal(s syscall.Signal) error {
	if !p.runs() {
		return fmt.Errorf("process %d is gone", p.PID)
	}
	if err := syscall.Kill(p.PID, s); err != nil {
		return fmt.Errorf("send %s to process %d: %w", s, p.PID, err)
	}
	return nil
}

// killLate kills the process if it has not ended after its grace.
func (p Process) killLate() {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(p.Grace); time.Now().Before(end); <-tick.C {
		if !p.runs() {
			return
		}
	}
	_ = p.signal(syscall.SIGKILL) // it may have ended at this moment
}

// all returns the process and all its descendants.
func (p Process) all() []Process {
	below := map[int][]Process{}
	entries, _ := filepath.Glob("/proc/[0-9]*") // the pattern is valid
	for _, e := range entries {
		pid, err := strconv.Atoi(filepath.Base(e))
		if err != nil {
			continue
		}
		if q, there := Find(pid); there {
			below[q.Parent] = append(below[q.Parent], q)
		}
	}
	family := []Process{p}
	for i := 0; i < len(family); i++ {
		family = append(family, below[family[i].PID]...)
	}
	return family
}

// freeze stops the process, then its descendants, until no others appear. thaw undoes that, and so does the end of
// this process.
func (p Process) freeze() (thaw func(), err error) {
	g, err := newGuard()
	if err != nil {
		return nil, err
	}
	var frozen []Process
	for {
		fresh := slices.DeleteFunc(p.all(), func(q Process) bool { return slices.Contains(frozen, q) })
		if len(fresh) == 0 {
			return g.release, nil
		}
		for _, q := range fresh {
			if err := errors.Join(g.tell(q), q.signal(syscall.SIGSTOP)); err != nil && q == p {
				g.release()
				return nil, err
			}
		}
		frozen = append(frozen, fresh...)
	}
}
