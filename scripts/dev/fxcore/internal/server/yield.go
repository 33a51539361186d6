package server

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"fxcore/scripts/dev/fxcore/internal/process"
)

// yielding lowers the priority of PostgreSQL's processes that serve some roles. Such a process inherits the priority of the server, not that of
// the program that it serves. It leads a session, serves one connection and ends with it.
type yielding struct {
	roles map[string]int // how far each yields
	known map[int]bool   // processes that need no further look
}

// apply looks at the server's processes that it does not know yet. What cannot be read now is read the next time. Where the kernel refuses
// it, nothing yields.
func (y *yielding) apply(data string) {
	if len(y.roles) == 0 {
		return
	}
	children, err := childrenOf(data)
	if err != nil {
		return
	}
	known := make(map[int]bool, len(children))
	for _, pid := range children {
		known[pid] = y.known[pid] || y.lower(pid)
	}
	y.known = known
}

// lower lowers the priority of a process if it serves one of the roles. It returns false while the process does not say whom it serves.
func (y *yielding) lower(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return true // it has ended
	}
	title := string(text) // "postgres: ROLE DATABASE ADDRESS STATE"
	for role, nice := range y.roles {
		if strings.HasPrefix(title, "postgres: "+role+" ") {
			return process.Lower(pid, nice) == nil
		}
	}
	return strings.Contains(title, " "+Database+" ")
}

// childrenOf returns the processes of the server whose data lie in a folder.
func childrenOf(data string) ([]int, error) {
	text, err := os.ReadFile(filepath.Join(data, "postmaster.pid")) //nolint:gosec // in our own folder
	if err != nil {
		return nil, fmt.Errorf("read the server's process: %w", err)
	}
	parent, _, _ := strings.Cut(string(text), "\n")
	if text, err = os.ReadFile(filepath.Join("/proc", parent, "task", parent, "children")); err != nil { //nolint:gosec // below /proc
		return nil, fmt.Errorf("list the server's processes: %w", err)
	}
	var children []int
	for _, field := range strings.Fields(string(text)) {
		if pid, err := strconv.Atoi(field); err == nil {
			children = append(children, pid)
		}
	}
	return children, nil
}
