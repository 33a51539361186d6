// Package messages is what the socket gateway reads from and writes to the broker: the same as the FIX gateway.
package messages

import (
	"embed"

	"fxcore/gateways/internal/absence"
	"fxcore/gateways/internal/duty"
	"fxcore/gateways/internal/story"
	"fxcore/lambda/amqp"
)

//go:embed samples/*.json
var samples embed.FS

// Gateway is this gateway's name: in the names of its instances and queues, and as the origin of what they report.
const Gateway = "socket"

// TellsAbsence switches on that the gateway tells the core when a provider stays away (cancel_on_disconnect in the provider
// file). The gateway would then publish session.ended as well as the FIX gateway; while this is off it refuses the key.
const TellsAbsence = false

// Unnamed stands for the providers where none is configured: in the documents.
const Unnamed = "provider"

// Topology is what the gateway of these providers declares at the broker.
func Topology(providers ...string) amqp.Topology {
	t := amqp.Topology{Service: Gateway, Publishes: story.Publications(samples)}
	if TellsAbsence {
		t = absence.Topology(t)
	}
	for _, p := range providers {
		t.Queues = append(t.Queues, Queue(p))
	}
	return duty.Topology(Gateway, t)
}

// Queue is the queue of all answers to one provider. It belongs to the instance that holds the provider's session.
func Queue(provider string) amqp.Queue { return story.Queue(Gateway, provider) }
