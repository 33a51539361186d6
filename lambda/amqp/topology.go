package amqp

import (
	"encoding/json"
	"time"

	"fxcore/lambda/event"
)

// Topology is what one service declares at the broker: the queues that it consumes and the types that it publishes.
// The same value makes the broker's definitions and the message documents.
type Topology struct {
	Service   string        `json:"service"`
	Queues    []Queue       `json:"queues"`
	Publishes []Publication `json:"publishes"`
}

// Queue is one purpose of one service. All replicas consume from it.
type Queue struct {
	Name         string    `json:"name"`
	Purpose      string    `json:"purpose"`
	Bindings     []Binding `json:"bindings"`
	SingleActive bool      `json:"single_active,omitempty"` // one replica at a time, so that order is kept

	// Linger is how long a batch that is not full waits for more. It is for events whose outcome nobody waits for: a step
	// for many of them costs little more than for one, and leaves the machine to those that somebody waits for.
	Linger time.Duration `json:"linger,omitempty"`

	// Newest bounds the queue to so many messages, of which the oldest give way without a word; 0 is no bound. It is for
	// reports that the next one replaces: while nobody reads them, only the last ones are worth keeping.
	Newest int `json:"newest,omitempty"`

	// Stream makes the queue a stream: a log that keeps its messages for this retention, whoever has read them. Each of its
	// readers gets all messages and keeps its own offset: see Bus.Follow. SingleActive and Newest are for other queues; the
	// broker refuses a stream that has them.
	Stream Retention `json:"stream,omitzero"`
}

// IsStream tells whether the queue is read by Follow instead of Consume.
func (q Queue) IsStream() bool { return q.Stream != Retention{} }

// Binding routes what matches Key (words with * and #) at a topic exchange to the queue.
type Binding struct {
	Exchange string `json:"exchange"`
	Key      string `json:"key"`
}

// Publication is one type that the service publishes, with a sample of its data for the documents and for the tests of
// those who read it.
type Publication struct {
	Exchange string          `json:"exchange"`
	Type     event.Type      `json:"type"`
	Purpose  string          `json:"purpose"`
	Sample   json.RawMessage `json:"sample,omitempty"`

	// Shared lets events of different origins travel in one AMQP message: the routing key then ends in SharedOrigin
	// instead of the origin. It is for types that nobody binds by origin; each event keeps its own origin in its envelope.
	Shared bool `json:"shared,omitempty"`

	// Unread says that no queue is bound to the type yet. The broker then drops its events, instead of keeping them as
	// unroutable. The message documents fail as soon as a queue is bound to the type, so that the mark goes.
	Unread bool `json:"unread,omitempty"`
}

// AllOrigins returns p as a shared type: a step within the system, which nobody binds by origin.
func (p Publication) AllOrigins() Publication {
	p.Shared = true
	return p
}

// WithoutReaders returns p as a type that nobody reads yet.
func (p Publication) WithoutReaders() Publication {
	p.Unread = true
	return p
}

// Names that every service shares.
const (
	ErrorQueue      = "fx.errors"     // events that no retry can help, with the reason in the headers
	UnroutableQueue = "fx.unroutable" // events that no queue was bound for
	UnreadExchange  = "fx.unread"     // leads nowhere: events that need no reader
	SharedOrigin    = "all"           // the last word of the routing key of shared types
	retrySuffix     = ".retry"
)

// queue finds a queue by its name; false if the topology does not declare it.
func (t Topology) queue(name string) (Queue, bool) {
	for _, q := range t.Queues {
		if q.Name == name {
			return q, true
		}
	}
	return Queue{}, false
}

// linger is how long a batch of the queue waits for more.
func (t Topology) linger(queue string) time.Duration {
	q, _ := t.queue(queue)
	return q.Linger
}

// publication finds how a type is published; false if the topology does not declare it.
func (t Topology) publication(typ event.Type) (Publication, bool) {
	for _, p := range t.Publishes {
		if p.Type == typ {
			return p, true
		}
	}
	return Publication{}, false
}

// key is the routing key of an event.
func (p Publication) key(e event.Event) string {
	if p.Shared {
		return e.Type.Name + "." + SharedOrigin
	}
	return e.Key()
}

// exchanges lists each topic exchange that the topology names, once.
func (t Topology) exchanges() []string {
	var names []string
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	for _, p := range t.Publishes {
		add(p.Exchange)
	}
	for _, q := range t.Queues {
		for _, b := range q.Bindings {
			add(b.Exchange)
		}
	}
	return names
}
