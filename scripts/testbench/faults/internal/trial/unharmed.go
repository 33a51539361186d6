package trial

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fxcore/scripts/testbench/faults/internal/schedule"
)

// unharmed checks that no process has ended more often than the schedule ended it, and that none has panicked: a server
// that is away must never end a program. A server that the schedule has ended may start several times, see ended.
func (t *trial) unharmed() {
	ended := t.ended()
	for id, n := range t.core.restarts() {
		n -= t.restarts[id]
		if n > ended[id] && !(ended[id] > 0 && schedule.IsServer(id)) {
			t.broken("nobody ends by himself", id, fmt.Errorf("started again %d times, ended by the schedule %d times: %s", n, ended[id], t.core.lastWords(id)))
		}
	}
	for id, n := range t.core.panics() {
		if n > t.panics[id] {
			t.broken("nobody panics", id, fmt.Errorf("%d panics in its log", n-t.panics[id]))
		}
	}
}

// ended returns how often the schedule has ended each process. After that, a server may need several starts:
// PostgreSQL does not start before the last process of the killed one has ended, and RabbitMQ does not start before
// its name is free.
func (t *trial) ended() map[string]int {
	all := map[string]int{}
	for _, d := range t.done {
		switch {
		case d.Skipped != "":
		case d.Kind == schedule.Away:
			all[d.Target] += manyDeaths // by each start
		case d.Kind.Ends():
			all[d.Target]++
		case d.Kind == schedule.Die:
			all[d.Target] += manyDeaths // by each third movement
		}
	}
	return all
}

// manyDeaths is more often than a mainframe that dies on command, or a process that is kept away, can die in a run.
const manyDeaths = 1000

const longest = 1 << 20 // bytes in a line

// panics returns the number of panics and fatal errors in the log of each program.
func (c *Core) panics() map[string]int {
	all := map[string]int{}
	for _, id := range schedule.Processes() {
		file, err := os.Open(filepath.Join(c.folder, "log", id+".log"))
		if err != nil {
			continue
		}
		lines := bufio.NewScanner(file)
		for lines.Buffer(nil, longest); lines.Scan(); {
			if text := lines.Text(); strings.HasPrefix(text, "panic: ") || strings.HasPrefix(text, "fatal error: ") || strings.Contains(text, "DATA RACE") {
				all[id]++
			}
		}
		_ = file.Close()
	}
	return all
}

// lastWords returns the last lines of a process's log.
func (c *Core) lastWords(id string) string {
	b, _ := os.ReadFile(filepath.Join(c.folder, "log", id+".log"))
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return strings.Join(lines[max(0, len(lines)-3):], " | ")
}
