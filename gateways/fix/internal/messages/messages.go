// Package messages is what the FIX gateway reads from and writes to the broker.
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

// Gateway is this gateway's name: in the names of its instances and queues, and as the origin of what they report.
const Gateway = "fix"

// Unnamed stands for the providers where none is configured: in the documents.
const Unnamed = "provider"

// Topology is what the gateway of these providers declares at the broker.
func Topology(providers ...string) amqp.Topology {
	t := amqp.Topology{Service: Gateway, Publishes: story.Publications(samples)}
	t = absence.Topology(t)
	t = refused.Topology(t)
	for _, p := range providers {
		t.Queues = append(t.Queues, Queue(p))
	}
	return duty.Topology(Gateway, t)
}

// Queue returns the queue of answers to one provider. The instance that holds the provider's session reads it.
func Queue(provider string) amqp.Queue { return story.Queue(Gateway, provider) }
