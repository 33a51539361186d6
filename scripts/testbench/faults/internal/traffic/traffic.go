// Package traffic plays the providers that use the core while it is harmed. For a new protocol, add a [Stream] and an
// entry in kinds.
package traffic

import (
	"context"
	"fmt"
	"time"

	"fxcore/scripts/internal/witness"
	"fxcore/scripts/testbench/faults/internal/schedule"
)

// Stream is one provider. It records everything that it sends and receives, as evidence for the oracle. The methods
// are called in this order, each once, except Resumed, Left, Close and Figures.
type Stream interface {
	// Open connects. It returns when requests can be made.
	Open(ctx context.Context) error
	// Trade makes requests until ctx ends, whatever happens to the core.
	Trade(ctx context.Context) error
	// Await says that all faults are over: recovery is measured from here.
	Await()
	// Resumed returns when a request that was made after Await was first granted; false if none was.
	Resumed() (at time.Time, yes bool)
	// Left returns when the last connection was lost; zero if none was.
	Left() time.Time
	// Finish waits until every request has its final answer. It is called after Trade has returned.
	Finish(ctx context.Context) error
	// Agree waits until both sides have the same sequence numbers. Its error says how they differ.
	Agree(ctx context.Context) error
	// Close disconnects and completes the record. It may be called at any time.
	Close() error
	// Figures returns what the provider saw. It may be called at any time after Open.
	Figures() Figures
}

// Figures are what one stream, or all of them together, saw.
type Figures struct {
	Requests int           // requests made
	Granted  int           // requests granted
	Rejected []string      // reasons, for requests that should have been granted
	Silence  time.Duration // longest time without a final answer
}

// Add returns the sums, and the longer silence.
func (f Figures) Add(other Figures) Figures {
	return Figures{
		Requests: f.Requests + other.Requests, Granted: f.Granted + other.Granted,
		Rejected: append(f.Rejected, other.Rejected...), Silence: max(f.Silence, other.Silence),
	}
}

// Setting says where a stream finds the core and leaves its record.
type Setting struct {
	Run      string         // differs between runs; it is part of the references
	Records  string         // folder of the records
	Postgres string         // URL of a role that may read the gateways' tables
	Door     string         // host:port to which the provider connects; of the HTTP interface its URL
	Folder   string         // of the core, where the HTTP interface's user finds its secret
	Board    *witness.Board // of the run's providers

	Clock func() time.Time // the bank's; nil: real time
}

// now returns the bank's time.
func (s Setting) now() time.Time {
	if s.Clock == nil {
		return time.Now()
	}
	return s.Clock()
}

// Open makes the stream that the schedule wants. It returns an error for an unknown kind.
func Open(s schedule.Stream, set Setting) (Stream, error) {
	kinds := map[string]func(schedule.Stream, Setting) (Stream, error){
		"fix": newFIX, "socket": newSocket, schedule.API: newAPI,
	}
	create, known := kinds[s.Kind]
	if !known {
		return nil, fmt.Errorf("there is no traffic of kind %q", s.Kind)
	}
	return create(s, set)
}
