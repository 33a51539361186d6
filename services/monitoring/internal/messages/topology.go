// Package messages is what monitoring reads from the broker and what it publishes.
package messages

import (
	"embed"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/services/contract"
)

// HealthStream is the stream of all instances' reports. Each replica reads all of it.
const HealthStream = "monitoring.health"

// The bounds of the stream: a report is of use for some seconds.
const (
	streamAge   = time.Minute
	streamBytes = 64 << 20
)

//go:embed samples/*.json
var samples embed.FS

// Topology returns what monitoring declares at the broker.
func Topology() amqp.Topology {
	return amqp.Topology{
		Service: "monitoring",
		Queues: []amqp.Queue{{
			Name:     HealthStream,
			Purpose:  "knows how every instance is",
			Bindings: contract.Bindings(contract.HealthReported),
			Stream:   amqp.Retention{MaxAge: streamAge, MaxBytes: streamBytes},
		}},
		Publishes: []amqp.Publication{
			contract.Publication(samples, contract.AlertRaised,
				"Something is wrong, for long enough. The same alert may be published twice: it has the same key and the same since.").WithoutReaders(),
			contract.Publication(samples, contract.AlertCleared, "An alert is over.").WithoutReaders(),
		},
	}
}
