package messages

import (
	"fmt"
	"time"

	"fxcore/lambda/event"
)

// Report is what failover reads of instance.reported.
type Report struct {
	Instance string    `json:"instance"`
	Started  time.Time `json:"started"`
	Sequence int64     `json:"sequence"`
	Ready    bool      `json:"ready"`
	Reason   string    `json:"reason"`
	LateMS   int64     `json:"late_ms"`
	LeaseMS  int64     `json:"lease_ms"`
	Sessions []struct {
		Provider string    `json:"provider"`
		Held     bool      `json:"held"`
		Epoch    int64     `json:"epoch"`
		LoggedOn bool      `json:"logged_on"`
		Since    time.Time `json:"since"`
	} `json:"sessions"`
}

// Session is what failover reads of session.taken and session.left.
type Session struct {
	Provider string    `json:"provider"`
	Instance string    `json:"instance"`
	Epoch    int64     `json:"epoch"`
	At       time.Time `json:"at"`    // since when it is served; when it began to end
	Cause    string    `json:"cause"` // of its end
}

// Command is the data of failover.commanded.
type Command struct {
	Command  string `json:"command"`
	Provider string `json:"provider,omitempty"`
	Instance string `json:"instance,omitempty"`
	By       string `json:"by"`
	Why      string `json:"why,omitempty"`
}

// Move is the data of move.requested.
type Move struct {
	Provider string `json:"provider"`
	From     string `json:"from"`
	To       string `json:"to"`
	Epoch    int64  `json:"epoch"` // of the tenure that is to end: at another the request is void
	Reason   string `json:"reason"`
}

// Word is the data of session.barred and session.admitted. The newest one about a provider counts.
type Word struct {
	Provider string    `json:"provider"`
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	Why      string    `json:"why"`
}

// ReadReport decodes instance.reported. An error means that e can never be handled, as in the other readers.
func ReadReport(e event.Event) (Report, error) {
	var r Report
	if err := e.Read(&r); err != nil {
		return r, err
	}
	if r.Instance == "" || r.Started.IsZero() || r.Sequence < 1 {
		return r, fmt.Errorf("read %s %s: instance, started or sequence is missing", e.Type, e.ID)
	}
	for _, s := range r.Sessions {
		if s.Provider == "" || s.Held && s.Epoch < 1 {
			return r, fmt.Errorf("read %s %s: a session without provider or epoch", e.Type, e.ID)
		}
	}
	return r, nil
}

// ReadSession decodes session.taken and session.left.
func ReadSession(e event.Event) (Session, error) {
	var s Session
	if err := e.Read(&s); err != nil {
		return s, err
	}
	if s.Provider == "" || s.Instance == "" || s.Epoch < 1 || s.At.IsZero() {
		return s, fmt.Errorf("read %s %s: provider, instance, epoch or time is missing", e.Type, e.ID)
	}
	return s, nil
}

// ReadCommand decodes failover.commanded.
func ReadCommand(e event.Event) (Command, error) {
	var c Command
	if err := e.Read(&c); err != nil {
		return c, err
	}
	if c.Command == "" || c.By == "" {
		return c, fmt.Errorf("read %s %s: command or who gave it is missing", e.Type, e.ID)
	}
	return c, nil
}
