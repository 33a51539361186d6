package process

import (
	"strings"
	"time"
)

// State is the state of a supervised process.
type State string

// A process starts, becomes ready, may lose readiness, restarts after it has ended, and is stopped.
const (
	Starting   State = "starting"
	Ready      State = "ready"
	NotReady   State = "not ready"
	Restarting State = "restarting"
	Stopping   State = "stopping"
	Stopped    State = "stopped"
)

// Status is the status of a process at one moment.
type Status struct {
	State    State
	Reason   string // why it is not ready, or how it ended
	Since    time.Time
	Process  Identity // zero while it does not run
	Restarts int
}

// set changes state and reason. After Stopping it ignores a late result of a check.
func (c *Child) set(state State, reason string) {
	c.change(func(s *Status) {
		if s.State == Stopping && (state == Ready || state == NotReady) {
			return
		}
		s.State, s.Reason = state, oneLine(reason)
	})
}

// change edits the status under the lock, so that a reader never sees the old state with the new process. Since
// changes only with the state.
func (c *Child) change(edit func(*Status)) {
	c.mu.Lock()
	before := c.status
	edit(&c.status)
	if c.status.State != before.State {
		c.status.Since = time.Now()
	}
	same := c.status == before
	c.mu.Unlock()
	if !same {
		c.changed()
	}
}

// oneLine makes a reason fit into a table: it removes line breaks and cuts long text.
func oneLine(reason string) string {
	const longest = 300
	reason = strings.ReplaceAll(strings.TrimSpace(reason), "\n", "; ")
	if len(reason) > longest {
		reason = strings.ToValidUTF8(reason[:longest], "") + "…"
	}
	return reason
}
