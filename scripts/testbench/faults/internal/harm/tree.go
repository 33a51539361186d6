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

// Process is a running process: its number, and when it was started, which a later one with the same number was not.
type Process struct {
	PID     int
	Parent  int
	Stop    syscall.Signal // ends it cleanly, where that is known
	Grace   time.Duration  // from then on until it is killed
	started string
}

// Find reads a process; false if there is none.
func Find(pid int) (Process, bool) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return Process{}, false
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])) // after the name, which may hold blanks
	const state, parent, started = 0, 1, 19                                   // proc(5): fields 3, 4, 22
	if len(fields) <= started || fields[state] == "Z" {
		return Process{}, false
	}
	above, err := strconv.Atoi(fields[parent])
	return Process{PID: pid, Parent: above, started: fields[started]}, err == nil
}

// runs tells whether this very process still does.
func (p Process) runs() bool {
	now, there := Find(p.PID)
	return there && now.started == p.started
}

// signal reaches this very process or none.
func (p Process) signal(s syscall.Signal) error {
	if !p.runs() {
		return fmt.Errorf("process %d is gone", p.PID)
	}
	if err := syscall.Kill(p.PID, s); err != nil {
		return fmt.Errorf("send %s to process %d: %w", s, p.PID, err)
	}
	return nil
}

// killLate kills the process unless it ends within its grace.
func (p Process) killLate() {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(p.Grace); time.Now().Before(end); <-tick.C {
		if !p.runs() {
			return
		}
	}
	_ = p.signal(syscall.SIGKILL) // it may have gone just now
}

// all is the process and everything below it.
func (p Process) all() []Process {
	below := map[int][]Process{}
	entries, _ := filepath.Glob("/proc/[0-9]*") // the pattern is right
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

// freeze stops the process and then, until there are no others, what it has started. thaw undoes it, and so does the death
// of this process.
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
