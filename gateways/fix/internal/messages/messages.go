// Package messages is what the FIX gateway reads from and writes to the broker.
package messages

import (
	"embed"
	"encoding/json"
	"strings"

	"fxcore/gateways/internal/absence"
	"fxcore/gateways/internal/duty"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

const (
	tradeExchange = "fx.trade"
	lineExchange  = "fx.line"
	opsExchange   = "fx.ops"
)

//go:embed samples/*.json
var samples embed.FS

// Gateway is this gateway's name: in the names of its instances and queues, and as the origin of what they report.
const Gateway = "fix"

// Unnamed stands for the providers where none is configured: in the documents.
const Unnamed = "provider"

// Queue is the queue of all answers to one provider. It belongs to the instance that holds the provider's session.
func Queue(provider string) string { return "fix." + strings.ToLower(provider) }

// Topology is what the gateway of these providers declares at the broker.
func Topology(providers ...string) amqp.Topology {
	t := amqp.Topology{
		Service: Gateway,
		Publishes: []amqp.Publication{
			publication(tradeExchange, "trade.requested", "A provider asks for a trade, or reports one that was done elsewhere."),
			publication(lineExchange, "linecheck.requested", "A provider asks to reserve, consume or cancel on a client's line."),
			publication(opsExchange, absence.Type.Name, "A provider has stayed away for longer than its grace: what it reserved until then and did not use is taken back."),
		},
	}
	for _, p := range providers {
		t.Queues = append(t.Queues, QueueOf(p))
	}
	return duty.Topology(Gateway, t)
}

// QueueOf is what is declared for one provider.
func QueueOf(provider string) amqp.Queue {
	return amqp.Queue{
		Name: Queue(provider), Purpose: "tells the provider how its requests ended", Bindings: bindings(strings.ToLower(provider)),
	}
}

func bindings(origin string) []amqp.Binding {
	var all []amqp.Binding
	for _, what := range []string{"registered", "rejected", "repeated"} {
		all = append(all, amqp.Binding{Exchange: tradeExchange, Key: "trade." + what + "." + origin})
	}
	for _, what := range []string{"completed", "rejected", "repeated"} {
		all = append(all, amqp.Binding{Exchange: lineExchange, Key: "linecheck." + what + "." + origin})
	}
	return all
}

func publication(exchange, name, purpose string) amqp.Publication {
	t := event.Type{Name: name, Version: 1}
	sample, err := samples.ReadFile("samples/" + t.String() + ".json")
	if err != nil {
		panic(err) // a defect of the build
	}
	return amqp.Publication{Exchange: exchange, Type: t, Purpose: purpose, Sample: json.RawMessage(sample)}
}
