// Package steps takes messages from the stream into the journal.
package steps

import (
	"slices"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/signin"
	"fxcore/services/tracing/internal/steps/audit"
)

// Stream is the stream that keeps all messages until they are in the journal.
const Stream = "tracing.journal"

// What the stream keeps: with the bounds of the queue, so much may come while the store is away.
const (
	streamBytes = 4 << 30
	streamAge   = 72 * time.Hour
)

// How many messages are read at once, and how long a batch that is not full waits for more. What was read is gathered before it is stored:
// see gather.go.
const (
	readLinger = 100 * time.Millisecond
	maxBatch   = 2048
)

// taken returns the types that the chains of stories hold: all but reports each of which replaces the one before it, and notes for the audit,
// which has a chain of its own.
func taken() []event.Type {
	return slices.DeleteFunc(contract.All(), func(t event.Type) bool {
		return t == contract.InstanceReported || t == contract.HealthReported || t == contract.LineChecksTimed || t == contract.AuditNoted
	})
}

// Topology returns what tracing declares at the broker.
func Topology() amqp.Topology {
	return amqp.Topology{
		Service: "tracing",
		Queues: []amqp.Queue{{
			Name:     Stream,
			Purpose:  "keeps every message until it is in the journal",
			Bindings: contract.Bindings(taken()...),
			Linger:   readLinger,
			MaxBatch: maxBatch,
			Stream:   amqp.Retention{MaxBytes: streamBytes, MaxAge: streamAge},
			Observes: true,
		}, audit.Queue(), signin.Queue("tracing")},
		Publishes: signin.Publications(),
	}
}
