// Package messages defines the messages that responsibility reads and publishes.
package messages

import (
	"embed"

	"fxcore/lambda/amqp"
	"fxcore/services/contract"
)

//go:embed samples/*.json
var samples embed.FS

// Publications returns the types that responsibility publishes, each with a sample of its data.
func Publications() []amqp.Publication {
	return []amqp.Publication{
		contract.Publication(samples, contract.TradeAssigned, "A desk and a trader answer for the trade from now on.").AllOrigins(),
	}
}
