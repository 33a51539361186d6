// Package traffic plays those who use the core while it is harmed. A new way in joins as a [Stream] and an entry of kinds.
package traffic

import (
	"context"
	"fmt"
	"time"

	"fxcore/scripts/testbench/faults/internal/schedule"
)

// Stream is one user of the core. It writes down all that it sends and receives, for the oracle: that is its evidence.
// The methods are called in this order, each once, except for Resumed.
type Stream interface {
	// Open connects; it returns once requests can be made.
	Open(ctx context.Context) error
	// Trade makes requests until ctx ends, whatever happens to the core.
	Trade(ctx context.Context) error
	// Await says that all faults are over: from here on recovery is measured.
	Await()
	// Resumed tells when a request that was made after Await was granted; false as long as none was.
	Resumed() (at time.Time, yes bool)
	// Left tells when the connection was lost last; zero if it never was.
	Left() time.Time
	// Finish waits until every request has its final answer, after Trade.
	Finish(ctx context.Context) error
	// Agree waits until both sides have the same sequence numbers.
	Agree(ctx context.Context) error
	// Close leaves, and completes the record. It may be called at any time.
	Close() error
	// Figures are what was seen; at any time after Open.
	Figures() Figures
}

// Figures are what one stream, or all of them together, saw.
type Figures struct {
	Requests int           // made
	Granted  int           // as they should be
	Rejected []string      // why: requests that should have been granted
	Silence  time.Duration // longest time without a final answer
}

// Add adds up; of silences the longest counts.
func (f Figures) Add(other Figures) Figures {
	return Figures{
		Requests: f.Requests + other.Requests, Granted: f.Granted + other.Granted,
		Rejected: append(f.Rejected, other.Rejected...), Silence: max(f.Silence, other.Silence),
	}
}

// Setting is where a stream finds the core and leaves its record.
type Setting struct {
	Run      string // differs from run to run: part of references
	Records  string // folder
	Postgres string // URL, of a role that may read the gateways' tables
	Door     string // host:port at which this stream's provider connects
}

// Open makes the stream that the schedule asks for.
func Open(s schedule.Stream, set Setting) (Stream, error) {
	kinds := map[string]func(schedule.Stream, Setting) (Stream, error){
		"fix": newFIX, "socket": newSocket,
	}
	create, known := kinds[s.Kind]
	if !known {
		return nil, fmt.Errorf("there is no traffic of kind %q", s.Kind)
	}
	return create(s, set)
}
