// Package messages is what responsibility reads from the broker and what it publishes.
package messages

import (
	"embed"
	"encoding/json"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

// Registered is the queue of registered trades.
const Registered = "responsibility"

const exchange = "fx.trade"

// linger: the trade is done, and whoever answers for it can wait for so long to be named.
const linger = 100 * time.Millisecond

// The types that responsibility reads and publishes.
var (
	TradeRegistered = event.Type{Name: "trade.registered", Version: 1}
	TradeAssigned   = event.Type{Name: "trade.assigned", Version: 1}
)

//go:embed samples/*.json
var samples embed.FS

// Topology is what responsibility declares at the broker.
func Topology() amqp.Topology {
	return amqp.Topology{
		Service: "responsibility",
		Queues: []amqp.Queue{{
			Name:     Registered,
			Purpose:  "finds the desk and the trader who answer for the trade",
			Bindings: []amqp.Binding{{Exchange: exchange, Key: TradeRegistered.Name + ".*"}},
			Linger:   linger,
		}},
		Publishes: []amqp.Publication{{
			Exchange: exchange,
			Type:     TradeAssigned,
			Purpose:  "A desk and a trader answer for the trade from now on.",
			Sample:   sample(TradeAssigned),
			Shared:   true,
		}},
	}
}

// sample is the data of t as the producer's test wrote it. A missing sample is a defect of the build.
func sample(t event.Type) json.RawMessage {
	b, err := samples.ReadFile("samples/" + t.String() + ".json")
	if err != nil {
		panic(err)
	}
	return b
}
