// Package messages defines the messages that trading reads and publishes.
package messages

import (
	"embed"

	"fxcore/lambda/amqp"
	"fxcore/services/contract"
)

//go:embed samples/*.json
var samples embed.FS

// Publications returns the types that trading publishes, each with a sample of its data.
func Publications() []amqp.Publication {
	return []amqp.Publication{
		contract.Publication(samples, contract.TradeValidated,
			"The trade may be done: dates, amounts and price keep the rules; its line is next.").AllOrigins(),
		contract.Publication(samples, contract.TradeRegistered, "The trade is done. It is a fact that nothing later undoes."),
		contract.Publication(samples, contract.TradeRejected, "The trade is not done; the code and the text say why and what to do."),
	}
}
