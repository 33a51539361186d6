// Package messages is what datasync reads from the broker and what it publishes.
package messages

import (
	"embed"

	"fxcore/lambda/amqp"
	"fxcore/services/contract"
)

//go:embed samples/*.json
var samples embed.FS

// Publications are the types that datasync publishes, each with a sample of its data.
func Publications() []amqp.Publication {
	return []amqp.Publication{
		contract.Publication(samples, contract.StaticRequested,
			"A data set must be fetched again. The answer may say that it has not changed."),
	}
}
