// Package view is the JSON that failover shows, as its page writes it and its command reads it.
package view

import (
	"strconv"
	"strings"
	"time"
)

// Status is what /status answers: all that the plan knows.
type Status struct {
	Now       time.Time  `json:"now"`
	Automatic bool       `json:"automatic"` // fall-back goes by itself
	Instances []Instance `json:"instances"`
	Providers []Provider `json:"providers"`
}

// Instance is one instance of a gateway.
type Instance struct {
	Name       string    `json:"name"`
	Gateway    string    `json:"gateway"`
	Alive      bool      `json:"alive"`
	Ready      bool      `json:"ready"`
	Reason     string    `json:"reason,omitempty"` // why it is not ready
	Draining   bool      `json:"draining"`
	Started    time.Time `json:"started"`
	ReadySince time.Time `json:"ready_since,omitzero"`
	ReportedAt time.Time `json:"reported_at"`
	Sessions   int       `json:"sessions"` // that it holds
	LoggedOn   int       `json:"logged_on"`
	Homes      int       `json:"homes"`
	LateMS     int64     `json:"late_ms"`  // how late it runs
	LeaseMS    int64     `json:"lease_ms"` // how long its leases last for that
}

// Provider is one provider's session.
type Provider struct {
	Gateway  string    `json:"gateway"`
	Provider string    `json:"provider"`
	Instance string    `json:"instance"` // that holds it; empty where none says so
	Epoch    int64     `json:"epoch"`
	LoggedOn bool      `json:"logged_on"`
	Since    time.Time `json:"since,omitzero"` // of logged_on
	Home     string    `json:"home"`
	Stay     string    `json:"stay,omitempty"`      // where a command moved it
	Kept     time.Time `json:"kept_until,omitzero"` // it does not fall back before, because it was lost too often
	Move     *Move     `json:"move,omitempty"`      // the last one
}

// Move is a session's way from one instance to another.
type Move struct {
	ID          string    `json:"id"`
	From        string    `json:"from"`
	To          string    `json:"to"`
	Reason      string    `json:"reason"`
	State       string    `json:"state"` // requested, failed, done
	Why         string    `json:"why,omitempty"`
	Attempt     int       `json:"attempt"`
	RequestedAt time.Time `json:"requested_at"`
	LeftAt      time.Time `json:"left_at,omitzero"`
	TakenAt     time.Time `json:"taken_at,omitzero"`
	LoggedOnAt  time.Time `json:"logged_on_at,omitzero"`
	AwayMS      int64     `json:"away_ms"` // until the provider was logged on again, or could have been
}

// Entry is one line of /history.
type Entry struct {
	At       time.Time `json:"at"`
	Gateway  string    `json:"gateway,omitempty"`
	Provider string    `json:"provider,omitempty"`
	Instance string    `json:"instance,omitempty"`
	What     string    `json:"what"`
	Epoch    int64     `json:"epoch,omitempty"`
	Text     string    `json:"text,omitempty"`
	By       string    `json:"by,omitempty"`
}

// Answer is what /commands/ID answers.
type Answer struct {
	Handled  bool   `json:"handled"`
	Accepted bool   `json:"accepted"`
	Text     string `json:"text"` // why it was refused
}

// InstanceName returns an instance's name as messages have it, fix/1, from that of its process and its log, fix-1.
func InstanceName(text string) string {
	name, number, _ := strings.Cut(text, "-")
	if _, err := strconv.Atoi(number); err != nil {
		return text
	}
	return name + "/" + number
}
