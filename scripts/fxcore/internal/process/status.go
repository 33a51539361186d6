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

// set changes state and reason; Since changes with the state only. A probe that comes late does not undo a stop.
func (c *Child) set(state State, reason string) {
	reason = oneLine(reason)
	c.mu.Lock()
	if c.status.State == Stopping && (state == Ready || state == NotReady) {
		c.mu.Unlock()
		return
	}
	same := c.status.State == state && c.status.Reason == reason
	if c.status.State != state {
		c.status.Since = time.Now()
	}
	c.status.State, c.status.Reason = state, reason
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
