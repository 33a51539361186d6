// Package broker knows what the broker must have for the programs: exchanges, queues and bindings, and a user for each program with no
// more rights than its declarations need. All of it comes from what the programs declare themselves.
package broker

import (
	"bytes"
	"encoding/json"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/amqp"
)

// Definitions is the file that a RabbitMQ node imports when it starts. Its users cannot log in until WithPasswords has given them hashes,
// because passwords are secrets.
type Definitions struct {
	Users            []user            `json:"users"`
	Vhosts           []named           `json:"vhosts"`
	Permissions      []permission      `json:"permissions"`
	TopicPermissions []topicPermission `json:"topic_permissions"`
	Exchanges        []exchange        `json:"exchanges"`
	Queues           []queue           `json:"queues"`
	Bindings         []binding         `json:"bindings"`
	Policies         []policy          `json:"policies"`
}

type named struct {
	Name string `json:"name"`
}

type exchange struct {
	Name       string        `json:"name"`
	Vhost      string        `json:"vhost"`
	Type       string        `json:"type"`
	Durable    bool          `json:"durable"`
	AutoDelete bool          `json:"auto_delete"`
	Internal   bool          `json:"internal"`
	Arguments  amqp091.Table `json:"arguments"`
}

type queue struct {
	Name       string        `json:"name"`
	Vhost      string        `json:"vhost"`
	Durable    bool          `json:"durable"`
	AutoDelete bool          `json:"auto_delete"`
	Arguments  amqp091.Table `json:"arguments"`
}

type binding struct {
	Source          string        `json:"source"`
	Vhost           string        `json:"vhost"`
	Destination     string        `json:"destination"`
	DestinationType string        `json:"destination_type"`
	RoutingKey      string        `json:"routing_key"`
	Arguments       amqp091.Table `json:"arguments"`
}

type policy struct {
	Name       string         `json:"name"`
	Vhost      string         `json:"vhost"`
	Pattern    string         `json:"pattern"`
	ApplyTo    string         `json:"apply-to"`
	Priority   int            `json:"priority"`
	Definition map[string]any `json:"definition"`
}

// Of merges what the topologies declare, for the given vhost and providers. An exchange or queue that several of them declare
// appears once.
func Of(vhost string, topologies []amqp.Topology, providers Providers) Definitions {
	d := Definitions{ // the broker takes an empty list, and no null
		Users: []user{}, Vhosts: []named{{vhost}}, Permissions: []permission{}, TopicPermissions: []topicPermission{},
		Exchanges: []exchange{}, Queues: []queue{}, Bindings: []binding{}, Policies: policies(vhost),
	}
	d.addUsers(vhost, topologies)
	exchanges, queues, unread := map[string]bool{}, map[string]bool{}, map[amqp.Binding]bool{}
	for _, t := range ForEach(providers, topologies) {
		declaration := t.Declaration()
		for _, e := range declaration.Exchanges {
			if !exchanges[e.Name] {
				exchanges[e.Name] = true
				d.Exchanges = append(d.Exchanges, exchange{e.Name, vhost, e.Kind, true, false, false, filled(e.Arguments)})
			}
		}
		for _, q := range declaration.Queues {
			if !queues[q.Name] {
				queues[q.Name] = true
				d.add(vhost, q)
			}
		}
		for _, b := range declaration.Unread {
			if unread[b] {
				continue
			}
			unread[b] = true
			d.Bindings = append(d.Bindings, binding{b.Exchange, vhost, amqp.UnreadExchange, "exchange", b.Key, amqp091.Table{}})
		}
	}
	return d
}

func (d *Definitions) add(vhost string, q amqp.QueueDeclaration) {
	d.Queues = append(d.Queues, queue{q.Name, vhost, true, false, filled(q.Arguments)})
	for _, b := range q.Bindings {
		d.Bindings = append(d.Bindings, binding{b.Exchange, vhost, q.Name, "queue", b.Key, amqp091.Table{}})
	}
}

// policies returns a policy that spreads the queues' leaders over the nodes. Without it, each leader is on the node
// where its queue was first declared.
func policies(vhost string) []policy {
	return []policy{{
		Name: "balanced-leaders", Vhost: vhost, Pattern: ".", ApplyTo: "queues",
		Definition: map[string]any{"queue-leader-locator": "balanced"},
	}}
}

// filled returns an empty table for nil, because the broker rejects a null.
func filled(t amqp091.Table) amqp091.Table {
	if t == nil {
		return amqp091.Table{}
	}
	return t
}

// JSON returns the content of the file.
func (d Definitions) JSON() ([]byte, error) { return JSON(d) }

// JSON returns a generated file's content.
func JSON(content any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(content)
	return out.Bytes(), err
}
