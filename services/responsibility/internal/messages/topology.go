// Package messages is what responsibility reads from the broker and what it publishes.
package messages

import (
	"embed"
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
		Publishes: []amqp.Publication{
			amqp.Sampled(samples, exchange, TradeAssigned, "A desk and a trader answer for the trade from now on.").AllOrigins(),
		},
	}
}
