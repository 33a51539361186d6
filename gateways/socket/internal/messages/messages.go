// Package messages declares what the socket gateway publishes and reads at the broker: the same as the FIX gateway.
package messages

import (
	"embed"

	"fxcore/gateways/internal/absence"
	"fxcore/gateways/internal/duty"
	"fxcore/gateways/internal/refused"
	"fxcore/gateways/internal/story"
	"fxcore/lambda/amqp"
)

//go:embed samples/*.json
var samples embed.FS

// Gateway is the name of this gateway, in the names of its instances and queues, and as the origin of its reports.
const Gateway = "socket"

// TellsAbsence says whether the gateway publishes session.ended when a provider stays away (cancel_on_disconnect in the provider
// file), as the FIX gateway does. While it is false, the provider file must not have that key.
const TellsAbsence = false

// Unnamed stands for a provider in the generated documents, where none is configured.
const Unnamed = "provider"

// Topology returns what a gateway with these providers declares at the broker.
func Topology(providers ...string) amqp.Topology {
	t := amqp.Topology{Service: Gateway, Publishes: story.Publications(samples)}
	if TellsAbsence {
		t = absence.Topology(t)
	}
	t = refused.Topology(t)
	for _, p := range providers {
		t.Queues = append(t.Queues, Queue(p))
	}
	return duty.Topology(Gateway, t)
}

// Queue returns the queue of answers to one provider. The instance that holds the provider's session reads it.
func Queue(provider string) amqp.Queue { return story.Queue(Gateway, provider) }
