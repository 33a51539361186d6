package trial

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fxcore/scripts/testbench/faults/internal/schedule"
)

// unharmed: no process ends but those that were ended. A server that is away never ends a program.
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

// ended are how often the schedule has ended each process. A server may need several starts after that: PostgreSQL does not
// begin before the last of the processes of the one that was killed has gone, nor RabbitMQ before its name is free.
func (t *trial) ended() map[string]int {
	all := map[string]int{}
	for _, d := range t.done {
		if d.Skipped == "" && d.Kind.Ends() {
			all[d.Target]++
		}
	}
	return all
}

const longest = 1 << 20 // bytes of a line

// panics counts the panics and fatal errors in the logs of our programs.
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

// lastWords is the end of a process' log.
func (c *Core) lastWords(id string) string {
	b, _ := os.ReadFile(filepath.Join(c.folder, "log", id+".log"))
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return strings.Join(lines[max(0, len(lines)-3):], " | ")
}
