package amqp

import (
	"encoding/json"
	"time"

	"fxcore/lambda/event"
)

// Topology is what one service declares at the broker: the queues that it consumes and the types that it publishes.
// The broker's definitions and the documents of messages are generated from it.
type Topology struct {
	Service   string        `json:"service"`
	Queues    []Queue       `json:"queues"`
	Publishes []Publication `json:"publishes"`

	// Takes names shared queues that the service reads besides its own: the ErrorQueue, the LogQueue.
	Takes []string `json:"takes,omitempty"`

	// Replays says that the service puts messages of the error queue back into the queues of others (Resend).
	Replays bool `json:"replays,omitempty"`
}

// Queue is one purpose of one service. All replicas consume from it.
type Queue struct {
	Name         string    `json:"name"`
	Purpose      string    `json:"purpose"`
	Bindings     []Binding `json:"bindings"`
	SingleActive bool      `json:"single_active,omitempty"` // one replica at a time consumes, so that the order is kept

	// Linger is how long a batch that is not full waits for more events. It is for events whose outcome nobody waits for:
	// to handle many at once costs little more than to handle one, and leaves the machine to more urgent work.
	Linger time.Duration `json:"linger,omitempty"`

	// Urgency shortens the linger of a batch that holds an event for which somebody waits.
	Urgency Urgency `json:"urgency,omitzero"`

	// MaxBatch is how many events of this queue the handler gets at once, at most; 0 is AMQP_MAX_BATCH. A smaller bound is for events
	// that lock what more urgent ones need: a small transaction holds its locks briefly. A greater one is for a queue that lingers long:
	// the broker then sends more messages ahead, in the same proportion.
	MaxBatch int `json:"max_batch,omitempty"`

	// Yields says that a consumer of the queue rests after each batch for as long as the batch took. So it takes at most half of what more
	// urgent work needs as well: locks, processors, connections. It is for events whose outcome nobody waits for and of which many come at
	// once.
	Yields bool `json:"yields,omitempty"`

	// Selects says that the queue's steps handle only some of the events that it brings (Ours in lambda/inbox), because another queue of
	// the service brings the same types. The generator of the documents fails where it is missing: the inbox lets one queue handle an event.
	Selects bool `json:"selects,omitempty"`

	// Waits says that thousands of the queue's events may wait at once (Wait). The pauses of an event then grow from 1 s to 30 s, so that
	// those that wait cost little. Each pause has a queue of its own at the broker: see pauses.
	Waits bool `json:"waits,omitempty"`

	// Newest bounds the queue to so many messages; 0 is no bound. The broker drops the oldest ones beyond that, in silence.
	// It is for reports, each of which replaces the one before it.
	Newest int `json:"newest,omitempty"`

	// Stream makes the queue a stream: a log that keeps its messages for this retention, whoever has read them. Each of its
	// readers gets all messages and keeps its own offset: see Bus.Follow. SingleActive and Newest are for other queues; the
	// broker refuses a stream that has them.
	Stream Retention `json:"stream,omitzero"`

	// Proven says that the queue takes only messages that their publisher has signed: see Publication.Signed. Its reader cannot undo what it
	// does, so the word of the broker is not enough.
	Proven bool `json:"proven,omitempty"`

	// Proofs are the types that the queue takes only with a proof, and who may have signed it: see Publication.Proven.
	Proofs map[string][]string `json:"proofs,omitempty"`

	// Observes says that the queue takes messages only to show them. Its program is no reader for whom they are published: the documents
	// do not list it at each message, and a message that nobody else reads has no reader.
	Observes bool `json:"observes,omitempty"`
}

// IsStream tells whether the queue is read by Follow instead of Consume.
func (q Queue) IsStream() bool { return q.Stream != Retention{} }

// Urgency says for the events of which origin somebody waits, and how long a batch with such an event waits for more. It does not see
// the origin of shared types.
type Urgency struct {
	Origin string        `json:"origin"`
	Linger time.Duration `json:"linger"`
}

// Binding routes what matches Key (words with * and #) at a topic exchange to the queue.
type Binding struct {
	Exchange string `json:"exchange"`
	Key      string `json:"key"`
}

// Publication is one type that the service publishes, with a sample of its data for the documents and for the tests of its
// readers.
type Publication struct {
	Exchange string          `json:"exchange"`
	Type     event.Type      `json:"type"`
	Purpose  string          `json:"purpose"`
	Sample   json.RawMessage `json:"sample,omitempty"`

	// Shared lets events of different origins travel in one AMQP message: the routing key then ends in SharedOrigin instead
	// of the origin. It is for types that no queue binds by origin. Each event keeps its own origin in its envelope.
	Shared bool `json:"shared,omitempty"`

	// Signed lets the publisher sign each message with its own key, for queues that are Proven.
	Signed bool `json:"signed,omitempty"`

	// Proven lets the publisher sign each event by itself: a command that somebody may give. See Queue.Proofs.
	Proven bool `json:"proven,omitempty"`

	// Origin is the only origin of the type's events; empty for a type with several. The broker lets the service publish no other.
	Origin string `json:"origin,omitempty"`

	// Unread says that no queue is bound to the type yet. The broker then drops its events, instead of keeping them as
	// unroutable. Once a queue is bound to the type, the mark must go: the generator of the documents fails until then.
	Unread bool `json:"unread,omitempty"`

	// Expiry is for reports, each of which replaces the one before it: the broker drops a message that nobody has read for so long. Such
	// a message is not persistent and needs no reader. Its readers' queues have Newest: another queue hands what expires to the error
	// queue. 0 is for messages that are kept until somebody has read them.
	Expiry time.Duration `json:"expiry,omitempty"`
}

// AllOrigins returns p as a shared type: a step within the system, which no queue binds by origin.
func (p Publication) AllOrigins() Publication {
	p.Shared = true
	return p
}

// WithSignature returns p as a type whose messages their publisher signs.
func (p Publication) WithSignature() Publication {
	p.Signed = true
	return p
}

// WithProof returns p as a type of which each event brings a proof.
func (p Publication) WithProof() Publication {
	p.Proven = true
	return p
}

// From returns p as a type whose events all have one origin.
func (p Publication) From(origin string) Publication {
	p.Origin = origin
	return p
}

// WithoutReaders returns p as a type that no queue is bound to yet.
func (p Publication) WithoutReaders() Publication {
	p.Unread = true
	return p
}

// Names that every service shares.
const (
	ErrorQueue      = "fx.errors"     // events that no retry can help, with the reason in the headers
	UnroutableQueue = "fx.unroutable" // events that no queue was bound for
	UnreadExchange  = "fx.unread"     // has no queue: for events that need no reader
	RestExchange    = "fx.rest"       // leads to the queues in which events rest, by their names: nobody needs the default exchange, which leads everywhere
	ReplayExchange  = "fx.replay"     // leads back into a queue what failed there, by the queue's name
	LogQueue        = "fx.logs"       // log lines of all programs, see Bus.Ship; also the exchange's name
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

// own is the queue's own bound of its batches; 0 if it has none.
func (t Topology) own(queue string) int {
	q, _ := t.queue(queue)
	return q.MaxBatch
}

// publication finds a type's publication; false if the topology does not declare the type.
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
