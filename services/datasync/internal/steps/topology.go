package steps

import (
	"fxcore/lambda/amqp"
	"fxcore/services/contract"
	"fxcore/services/datasync/internal/messages"
)

// Queue is the queue of the pages that the mainframe's gateway delivers.
const Queue = "datasync"

// Topology is what datasync declares at the broker.
func Topology() amqp.Topology {
	return amqp.Topology{
		Service: "datasync",
		Queues: []amqp.Queue{{
			Name:     Queue,
			Purpose:  "keeps the mainframe's data sets in Redis, whole and with their age",
			Bindings: contract.Bindings(contract.StaticDelivered),
		}},
		Publishes: messages.Publications(),
	}
}
