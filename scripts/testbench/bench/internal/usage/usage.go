// Package usage reads from /proc how much CPU time and memory processes use. Each process counts with its
// descendants, because a database server is many processes.
package usage

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// ticks is USER_HZ, the kernel's unit of CPU time: 100 a second on every Linux that Go supports.
const ticks = 100

// Usage is how much CPU time a process tree has used since its start, and how much memory it holds now.
type Usage struct {
	CPU    time.Duration
	Memory int64 // bytes; shared memory counts once (PSS), or for each process (RSS) if PSS may not be read
}

type process struct {
	parent int
	cpu    time.Duration
}

// Read returns the usage of the given processes by their ids. It leaves out a process that has ended.
func Read(pids ...int) (map[int]Usage, error) {
	all, err := list()
	if err != nil {
		return nil, err
	}
	usages := make(map[int]Usage, len(pids))
	for _, pid := range pids {
		if _, lives := all[pid]; lives {
			usages[pid] = tree(all, pid)
		}
	}
	return usages, nil
}

func tree(all map[int]process, root int) Usage {
	u := Usage{CPU: all[root].cpu, Memory: memory(root)}
	for pid, p := range all {
		if p.parent == root && pid != root {
			below := tree(all, pid)
			u.CPU += below.CPU
			u.Memory += below.Memory
		}
	}
	return u
}

func list() (map[int]process, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	all := make(map[int]process, len(stats))
	for _, path := range stats {
		pid, _ := strconv.Atoi(strings.Split(path, "/")[2]) // the pattern allows digits only
		text, err := os.ReadFile(path)                      //nolint:gosec // below /proc
		if err != nil {
			continue // it has ended in the meantime
		}
		if p, ok := parse(text); ok {
			all[pid] = p
		}
	}
	return all, nil
}

// parse reads proc(5)'s stat. The fields after the command's name, which may contain anything, are state, ppid and so
// on; utime and stime are the 14th and 15th of all fields.
func parse(stat []byte) (process, bool) {
	end := bytes.LastIndexByte(stat, ')')
	if end < 0 {
		return process{}, false
	}
	fields := strings.Fields(string(stat[end+1:]))
	const parent, user, system = 1, 11, 12
	if len(fields) <= system {
		return process{}, false
	}
	numbers := [3]int64{}
	for i, at := range []int{parent, user, system} {
		n, err := strconv.ParseInt(fields[at], 10, 64)
		if err != nil {
			return process{}, false
		}
		numbers[i] = n
	}
	return process{parent: int(numbers[0]), cpu: time.Duration(numbers[1]+numbers[2]) * time.Second / ticks}, true
}

func memory(pid int) int64 {
	if bytes := kilobytes(fmt.Sprintf("/proc/%d/smaps_rollup", pid), "Pss:"); bytes > 0 {
		return bytes
	}
	return kilobytes(fmt.Sprintf("/proc/%d/status", pid), "VmRSS:")
}

// kilobytes finds "name   123 kB" in a file of /proc and returns bytes; 0 if the line is missing.
func kilobytes(path, name string) int64 {
	text, err := os.ReadFile(path) //nolint:gosec // below /proc
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, name); found {
			n, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64) // 0 if it is not a number
			return n << 10
		}
	}
	return 0
}
