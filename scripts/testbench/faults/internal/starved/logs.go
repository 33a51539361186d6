package starved

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fxcore/scripts/testbench/faults/internal/trial"
)

// line is what counts of a line of a gateway's log.
type line struct {
	At      time.Time `json:"@timestamp"`
	Message string    `json:"message"`
	Lease   string    `json:"lease"`
	Epoch   int64     `json:"epoch"`
	Reason  string    `json:"reason"`
	Error   struct {
		Message string `json:"message"`
	} `json:"error"`
}

const longest = 1 << 20 // bytes in a line

// instances of the gateways.
func instances() []string { return []string{"fix-1", "fix-2", "socket-1", "socket-2"} }

// readLogs counts what the gateways and HAProxy wrote.
func (r *Report) readLogs(core *trial.Core, since, until time.Time) error {
	for _, id := range instances() {
		err := lines(core.Log(id), func(text []byte) {
			var l line
			if json.Unmarshal(text, &l) == nil && !l.At.Before(since) && l.At.Before(until) {
				r.count(l)
			}
		})
		if err != nil {
			return err
		}
	}
	return lines(core.Log("haproxy"), func(text []byte) {
		if strings.Contains(string(text), " is DOWN, reason: Layer7 timeout") {
			r.Down++
		}
	})
}

func (r *Report) count(l line) {
	switch {
	case l.Message == "lease gained":
		r.Gained++
	case l.Message == "lease ends" && strings.HasPrefix(l.Reason, "lease given"):
		r.Given++
	case l.Message == "lease ends":
		r.Lapses++
	case strings.HasPrefix(l.Message, "session not taken"):
		r.NotTaken++
		if strings.Contains(l.Error.Message, "Duplicate SessionID") {
			r.Duplicates++
		}
	}
}

func lines(path string, each func(text []byte)) error {
	file, err := os.Open(filepath.Clean(path))
	if err != nil {
		return fmt.Errorf("read log: %w", err)
	}
	scan := bufio.NewScanner(file)
	for scan.Buffer(nil, longest); scan.Scan(); {
		each(scan.Bytes())
	}
	return errors.Join(scan.Err(), file.Close())
}

// readHistory reads for how long an instance held a lease and did not serve the session: from when it gained the lease, as its log says, until
// it had taken the session, as failover's history says, or the lease ended.
func (r *Report) readHistory(ctx context.Context, core *trial.Core, since time.Time) error {
	taken, err := core.Taken(ctx, since)
	if err != nil {
		return err
	}
	for _, id := range instances() {
		u := unserved{taken: taken, gained: map[trial.Tenure]time.Time{}}
		u.gateway, _, _ = strings.Cut(id, "-")
		err := lines(core.Log(id), func(text []byte) {
			var l line
			if json.Unmarshal(text, &l) == nil && !l.At.Before(since) {
				u.note(l)
			}
		})
		if err != nil {
			return err
		}
		for t := range u.gained {
			u.until(t, time.Now())
		}
		r.UnservedMS = max(r.UnservedMS, u.longest.Milliseconds())
	}
	return nil
}

// unserved finds the longest time for which one instance held a lease and did not serve the session.
type unserved struct {
	gateway string
	taken   map[trial.Tenure]time.Time
	gained  map[trial.Tenure]time.Time // leases that are held and not served yet
	longest time.Duration
}

func (u *unserved) note(l line) {
	t := trial.Tenure{Gateway: u.gateway, Provider: l.Lease, Epoch: l.Epoch}
	switch l.Message {
	case "lease gained":
		u.gained[t] = l.At
		if at, served := u.taken[t]; served {
			u.until(t, at)
		}
	case "lease ends":
		u.until(t, l.At)
	}
}

func (u *unserved) until(t trial.Tenure, at time.Time) {
	if gained, waits := u.gained[t]; waits {
		u.longest = max(u.longest, at.Sub(gained))
		delete(u.gained, t)
	}
}
