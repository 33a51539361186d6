// Package watch looks at a running core from outside, as an operator does: what runs, how many trades were made and
// how long they took, what waits in queues, and which providers are connected. It changes nothing and costs little.
package watch

import (
	"time"
)

// Report is the output of `fxcore status --json`. Counts are since the data were created, not since the start.
type Report struct {
	State            string      `json:"state"` // of the supervisor: starting, running, stopping, stopped
	Since            time.Time   `json:"since"`
	API              *API        `json:"api,omitempty"` // absent if nothing runs
	Operations       *Operations `json:"operations,omitempty"`
	TradesRegistered int64       `json:"trades_registered"`
	TradesRejected   int64       `json:"trades_rejected"`
	LineChecks       int64       `json:"line_checks"`
	ErrorQueue       int         `json:"error_queue"`
	TradesPerSecond  float64     `json:"trades_per_second"` // registered trades, over the last ten seconds
	P50              float64     `json:"p50_ms"`            // from the request's receipt to its registration, of the last trades
	P99              float64     `json:"p99_ms"`
	BusinessDay      string      `json:"business_day"` // in Frankfurt, by the bank's clock; empty before the first job
	Settlements      Settlements `json:"settlements"`
	Jobs             []Job       `json:"jobs"`
	Services         []Service   `json:"services"`
	Queues           []Queue     `json:"queues"`
	Providers        []Provider  `json:"providers"`
	LastTrades       []Trade     `json:"last_trades"`
	Problems         []string    `json:"problems"` // what could not be read, and why
}

// API tells programs how to reach the HTTP interface.
type API struct {
	URL         string   `json:"url"`
	OpenAPI     string   `json:"openapi"`     // URL of the document
	Certificate string   `json:"certificate"` // file with the authority of the interface's certificate
	Users       string   `json:"users"`       // file with the demo's users and their secrets
	DemoUser    DemoUser `json:"demo_user"`
}

// Operations tells programs how to reach the interface and the page of on-call. The tokens of the API are good there.
type Operations struct {
	URL         string `json:"url"`
	Page        string `json:"page"`        // URL of the page, for a browser
	Certificate string `json:"certificate"` // file with the authority of the interface's certificate
	Users       string `json:"users"`       // file with the demo's users and their secrets
	User        string `json:"user"`        // the demo's person of operations
	Code        string `json:"sign_in"`     // a command that prints what to type to sign in now
}

// DemoUser is what POST /v1/tokens takes from a system that acts for every client of the demo.
type DemoUser struct {
	Grant  string `json:"grant"`
	User   string `json:"user"`
	Secret string `json:"secret"`
}

// Service is one process, servers included.
type Service struct {
	Name     string    `json:"name"`
	Replica  string    `json:"replica"`
	State    string    `json:"state"`
	Since    time.Time `json:"since"`
	Reason   string    `json:"reason,omitempty"`   // why it is not ready
	Warnings []string  `json:"warnings,omitempty"` // what it works without, although it is ready
	PID      int       `json:"pid"`
	Restarts int       `json:"restarts"`
	Health   string    `json:"health,omitempty"`
}

// Queue is one queue at the broker.
type Queue struct {
	Name      string `json:"name"`
	Messages  int    `json:"messages"` // ready for delivery; one message may contain many events
	Consumers int    `json:"consumers"`
}

// Provider is one provider's session, as the gateway reports it. Received and Sent count messages since the sequence
// numbers began at 1.
type Provider struct {
	Name     string    `json:"name"`
	Instance string    `json:"instance"` // the instance that serves the session, such as fix-1; empty if none does
	State    string    `json:"state"`    // "logged on" or "logged off"
	Since    time.Time `json:"since"`
	Received int64     `json:"received"`
	Sent     int64     `json:"sent"`
	Waiting  int64     `json:"waiting"` // requests that the broker has not confirmed yet
}

const (
	loggedOn  = "logged on"
	loggedOff = "logged off"
)

// Connected reports whether the provider is logged on.
func (p Provider) Connected() bool { return p.State == loggedOn }

// Trade is one decided request and its way through the services.
type Trade struct {
	ID        string    `json:"id"`
	Provider  string    `json:"provider"`
	Reference string    `json:"reference"`
	Text      string    `json:"text"` // "spot EUR/USD buy EUR 1000000 for C000001"
	Status    string    `json:"status"`
	At        time.Time `json:"at"`
	Way       []Step    `json:"way"`
}

// Step says when a service received the trade, counted from the request.
type Step struct {
	Name  string        `json:"name"`
	After time.Duration `json:"after_ns"`

	at time.Time
}
