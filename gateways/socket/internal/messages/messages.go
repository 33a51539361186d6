// Package messages is what the socket gateway reads from and writes to the broker: the same as the FIX gateway.
package messages

import (
	"embed"
	"encoding/json"
	"strings"

	"fxcore/gateways/internal/duty"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

const (
	tradeExchange = "fx.trade"
	lineExchange  = "fx.line"
)

//go:embed samples/*.json
var samples embed.FS

// Gateway is this gateway's name: in the names of its instances and queues, and as the origin of what they report.
const Gateway = "socket"

// Unnamed stands for the providers where none is configured: in the documents.
const Unnamed = "provider"

// Queue is the queue of all answers to one provider. It belongs to the instance that holds the provider's session.
func Queue(provider string) string { return "socket." + strings.ToLower(provider) }

// Topology is what the gateway of these providers declares at the broker.
func Topology(providers ...string) amqp.Topology {
	t := amqp.Topology{
		Service: Gateway,
		Publishes: []amqp.Publication{
			publication(tradeExchange, "trade.requested", "A provider asks for a trade, or reports one that was done elsewhere."),
			publication(lineExchange, "linecheck.requested", "A provider asks to reserve, consume or cancel on a client's line."),
		},
	}
	for _, p := range providers {
		t.Queues = append(t.Queues, amqp.Queue{
			Name: Queue(p), Purpose: "tells the provider how its requests ended", Bindings: bindings(strings.ToLower(p)),
		})
	}
	return duty.Topology(Gateway, t)
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
