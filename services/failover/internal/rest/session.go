package rest

import (
	"time"

	"fxcore/services/failover/internal/view"
)

// The states of a session.
const (
	Serving   = "serving"    // an instance holds it and its provider is logged on
	LoggedOut = "logged_out" // an instance holds it and waits for its provider
	Moving    = "moving"     // it is on its way to another instance
	Down      = "down"       // no living instance says that it holds it
)

// ProviderSession is one provider's session as on-call sees it.
type ProviderSession struct {
	Provider string     `json:"provider"`
	Gateway  string     `json:"gateway"`
	Instance string     `json:"instance" doc:"That holds it; empty: none"`
	Home     string     `json:"home" doc:"Where it belongs; empty: not decided yet"`
	State    string     `json:"state" enum:"serving,logged_out,moving,down"`
	Since    *time.Time `json:"since,omitempty" doc:"Of the log-on or log-out"`
	Epoch    int64      `json:"epoch" doc:"Grows with each change of its holder"`
	Standby  []string   `json:"standby" doc:"Ready instances that would take it"`
	Note     string     `json:"note,omitempty"`
	Move     *view.Move `json:"move,omitempty" doc:"The last one"`
}

// Sessions returns the sessions of a plan.
func Sessions(s view.Status) []ProviderSession {
	all := []ProviderSession{}
	for _, p := range s.Providers {
		one := ProviderSession{
			Provider: p.Provider, Gateway: p.Gateway, Instance: p.Instance, Home: p.Home, State: state(p), Epoch: p.Epoch, Standby: standby(p, s.Instances),
			Note: note(p), Move: p.Move,
		}
		if !p.Since.IsZero() {
			one.Since = &p.Since
		}
		all = append(all, one)
	}
	return all
}

// The states of a move, as the plan has them.
const (
	requested = "requested"
	failed    = "failed"
)

func state(p view.Provider) string {
	switch {
	case p.Move != nil && p.Move.State == requested:
		return Moving
	case p.Instance == "":
		return Down
	case p.LoggedOn:
		return Serving
	}
	return LoggedOut
}

func standby(p view.Provider, instances []view.Instance) []string {
	names := []string{}
	for _, i := range instances {
		if i.Gateway == p.Gateway && i.Name != p.Instance && i.Ready && !i.Draining {
			names = append(names, i.Name)
		}
	}
	return names
}

func note(p view.Provider) string {
	switch {
	case p.Move != nil && p.Move.State == failed && p.Instance != p.Move.To:
		return "the move to " + p.Move.To + " failed: " + p.Move.Why
	case p.Stay != "":
		return "moved by command; it stays there until that instance is away"
	case p.Home != "" && p.Instance != "" && p.Instance != p.Home:
		return "away from home"
	}
	return ""
}
