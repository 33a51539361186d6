// Package choreography merges the topologies of all programs: who publishes each message, who reads it, and which
// messages follow. It reports a message that a queue waits for and nobody publishes, and a message that nobody reads.
package choreography

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

// Choreography holds all messages and all queues.
type Choreography struct {
	Messages []*Message // in the order of their flows; those without a flow last
	Queues   []Queue    // by name
}

// Message is one type of event.
type Message struct {
	Type       event.Type
	Exchange   string
	Shared     bool // published under one routing key for all origins
	Unread     bool // declared as having no reader
	Expires    bool // dropped when nobody has read it for a while: it needs no reader
	Publishers []Publisher
	Readers    []Queue
	Leads      []string // names of the messages that its readers publish because of it
	order      int      // position in the flows
}

// Publisher is one program that publishes a message.
type Publisher struct {
	Service string
	Purpose string
	Sample  json.RawMessage
	Signs   bool
	Proves  bool
}

// Queue is one queue and the program that consumes it.
type Queue struct {
	Service string
	amqp.Queue
}

// Of merges the topologies. Each fault is a sentence for a developer. Any fault means that the programs do not fit
// together.
func Of(topologies []amqp.Topology, flows []Flow) (Choreography, []string) {
	m := merger{messages: map[string]*Message{}, queues: map[string]Queue{}}
	for _, t := range topologies {
		m.publish(t)
		m.consume(t)
	}
	m.connect()
	m.follow(flows)
	return m.choreography(), m.faults
}

type merger struct {
	messages map[string]*Message // by type name
	queues   map[string]Queue
	faults   []string
}

func (m *merger) fault(format string, args ...any) {
	m.faults = append(m.faults, fmt.Sprintf(format, args...))
}

func (m *merger) publish(t amqp.Topology) {
	for _, p := range t.Publishes {
		known, again := m.messages[p.Type.Name]
		if !again {
			known = &Message{Type: p.Type, Exchange: p.Exchange, Shared: p.Shared, Unread: p.Unread, Expires: p.Expiry > 0, order: len(m.messages) + unordered}
			m.messages[p.Type.Name] = known
		}
		if known.Exchange != p.Exchange || known.Type != p.Type {
			m.fault("%s publishes %s at %s, and %s publishes %s at %s: one name has one version and one exchange",
				t.Service, p.Type, p.Exchange, known.Publishers[0].Service, known.Type, known.Exchange)
		}
		if p.Purpose == "" || !json.Valid(p.Sample) {
			m.fault("%s publishes %s without a purpose or without a sample", t.Service, p.Type)
		}
		known.Publishers = append(known.Publishers, Publisher{t.Service, p.Purpose, p.Sample, p.Signed, p.Proven})
	}
}

func (m *merger) consume(t amqp.Topology) {
	for _, q := range t.Queues {
		if other, taken := m.queues[q.Name]; taken {
			m.fault("queue %s is declared by %s and by %s: a queue has one owner", q.Name, other.Service, t.Service)
		}
		if q.Purpose == "" || len(q.Bindings) == 0 {
			m.fault("queue %s of %s has no purpose or no binding", q.Name, t.Service)
		}
		m.queues[q.Name] = Queue{t.Service, q}
		m.takesAlone(t, q)
	}
}

// takesAlone reports two queues of one service that bring the same events, unless both select: they share the inbox, in which an event is
// handled once, by either of them.
func (m *merger) takesAlone(t amqp.Topology, q amqp.Queue) {
	for _, other := range t.Queues {
		if other.Name >= q.Name || other.IsStream() || q.IsStream() || other.Selects && q.Selects {
			continue
		}
		for _, b := range q.Bindings {
			if slices.Contains(other.Bindings, b) {
				m.fault("queues %s and %s of %s both bring %s, and do not say which events each of them handles", other.Name, q.Name, t.Service, b.Key)
			}
		}
	}
}

// connect finds the readers of each message. It reports bindings that no message matches, and messages that nobody
// reads.
func (m *merger) connect() {
	for _, name := range sortedKeys(m.queues) {
		q := m.queues[name]
		for _, b := range q.Bindings {
			if !m.bind(q, b) {
				m.fault("queue %s of %s waits for %s at %s, which nobody publishes", q.Name, q.Service, b.Key, b.Exchange)
			}
		}
	}
	for _, name := range sortedKeys(m.messages) {
		p := m.messages[name]
		m.proves(p)
		switch by := p.Publishers[0].Service; {
		case len(p.Readers) == 0 && !p.Unread && !p.Expires:
			m.fault("%s publishes %s at %s, which no queue reads", by, name, p.Exchange)
		case len(p.Readers) > 0 && p.Unread:
			m.fault("%s publishes %s as a message without readers, but %s reads it: remove the mark", by, name, p.Readers[0].Service)
		}
	}
}

// proves reports a message that a queue takes only signed, and that is published without a signature.
func (m *merger) proves(msg *Message) {
	for _, q := range msg.Readers {
		for _, p := range msg.Publishers {
			if q.Proven && !p.Signs {
				m.fault("queue %s of %s takes %s only with a signature, and %s does not sign it", q.Name, q.Service, msg.Type.Name, p.Service)
			}
			if len(q.Proofs[msg.Type.Name]) > 0 && !p.Proves {
				m.fault("queue %s of %s takes %s only with a proof, and %s does not prove it", q.Name, q.Service, msg.Type.Name, p.Service)
			}
		}
	}
}

func (m *merger) bind(q Queue, b amqp.Binding) (met bool) {
	for _, name := range sortedKeys(m.messages) {
		msg := m.messages[name]
		if msg.Exchange != b.Exchange || !matches(b.Key, name) {
			continue
		}
		if msg.Shared && !anyOrigin(b.Key) {
			m.fault("queue %s of %s waits for %s, but %s is published under one routing key for all origins",
				q.Name, q.Service, b.Key, name)
		}
		met = true
		if !q.Observes && !slices.ContainsFunc(msg.Readers, func(r Queue) bool { return r.Name == q.Name }) {
			msg.Readers = append(msg.Readers, q)
		}
	}
	return met
}

func (m *merger) choreography() Choreography {
	var c Choreography
	for _, name := range sortedKeys(m.messages) {
		c.Messages = append(c.Messages, m.messages[name])
	}
	slices.SortStableFunc(c.Messages, func(a, b *Message) int { return cmp.Compare(a.order, b.order) })
	for _, name := range sortedKeys(m.queues) {
		c.Queues = append(c.Queues, m.queues[name])
	}
	return c
}
