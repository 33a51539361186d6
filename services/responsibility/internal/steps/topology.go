package steps

import (
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/responsibility/internal/messages"
)

// Queue is the queue of registered trades.
const Queue = "responsibility"

// linger is how long a batch waits for more trades. It may be long, because nobody waits for an assignment.
const linger = 100 * time.Millisecond

// registered returns the table of the queue's steps. To add a step, add its type here: the queue's bindings follow.
func registered() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.TradeRegistered: readRegistered,
	}
}

// Topology returns what responsibility declares at the broker.
func Topology() amqp.Topology {
	return amqp.Topology{
		Service: "responsibility",
		Queues: []amqp.Queue{{
			Name:     Queue,
			Purpose:  "finds the desk and the trader who answer for the trade",
			Bindings: contract.Bindings(registered().Types()...),
			Linger:   linger,
		}},
		Publishes: messages.Publications(),
	}
}
