package process

import (
	"strings"
	"time"
)

// State is where a supervised process stands.
type State string

// A process starts, becomes ready, may lose readiness, restarts when it died, and is stopped.
const (
	Starting   State = "starting"
	Ready      State = "ready"
	NotReady   State = "not ready"
	Restarting State = "restarting"
	Stopping   State = "stopping"
	Stopped    State = "stopped"
)

// Status is what is known of a process at one moment.
type Status struct {
	State    State
	Reason   string // why it is not ready, or how it ended
	Since    time.Time
	Process  Identity // zero when it does not run
	Restarts int
}

// set changes state and reason. A probe that comes late does not undo a stop.
func (c *Child) set(state State, reason string) {
	c.change(func(s *Status) {
		if s.State == Stopping && (state == Ready || state == NotReady) {
			return
		}
		s.State, s.Reason = state, oneLine(reason)
	})
}

// change edits the status in one step, so that nobody reads the state of before with the process of after. Since changes with the
// state only.
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

// oneLine keeps a reason readable in a table: joined errors and log lines may be long.
func oneLine(reason string) string {
	const longest = 300
	reason = strings.ReplaceAll(strings.TrimSpace(reason), "\n", "; ")
	if len(reason) > longest {
		reason = strings.ToValidUTF8(reason[:longest], "") + "…"
	}
	return reason
}
