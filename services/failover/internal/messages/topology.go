// Package messages is what failover reads from the broker and what it publishes.
package messages

import (
	"embed"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

// The queues of failover.
const (
	Facts   = "failover"
	Reports = "failover.reports"
)

const (
	exchange = "fx.ops"

	// newest is what all instances report in some minutes: who comes back needs the last one of each.
	newest = 1000
)

// Operations is the origin of what on-call commands.
const Operations = "operations"

// The types that failover reads and publishes.
var (
	InstanceReported  = event.Type{Name: "instance.reported", Version: 1}
	SessionTaken      = event.Type{Name: "session.taken", Version: 1}
	SessionLeft       = event.Type{Name: "session.left", Version: 1}
	FailoverCommanded = event.Type{Name: "failover.commanded", Version: 1}
	MoveRequested     = event.Type{Name: "move.requested", Version: 1}
)

//go:embed samples/*.json
var samples embed.FS

// Topology is what failover declares at the broker.
func Topology() amqp.Topology {
	return amqp.Topology{
		Service: "failover",
		Queues: []amqp.Queue{
			{
				Name: Facts, Purpose: "keeps the history of sessions and follows the commands of on-call",
				Bindings: []amqp.Binding{
					bind(SessionTaken, "*"), bind(SessionLeft, "*"), bind(FailoverCommanded, Operations),
				},
			},
			{
				Name: Reports, Purpose: "plans which instance should hold which provider", Newest: newest,
				Bindings: []amqp.Binding{bind(InstanceReported, "*")},
			},
		},
		Publishes: []amqp.Publication{
			publication(FailoverCommanded, "On-call asks for a move, a drain, another home or a fall-back."),
			publication(MoveRequested, "A session should be given to another instance of its gateway, if it still has this epoch."),
		},
	}
}

// Commands is what the command line declares and publishes.
func Commands() amqp.Topology {
	return amqp.Topology{Service: "failover", Publishes: Topology().Publishes[:1]}
}

func bind(t event.Type, origin string) amqp.Binding {
	return amqp.Binding{Exchange: exchange, Key: t.Name + "." + origin}
}

func publication(t event.Type, purpose string) amqp.Publication {
	return amqp.Sampled(samples, exchange, t, purpose)
}
