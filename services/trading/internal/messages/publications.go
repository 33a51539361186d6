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
			"The dates, the amounts and the price of the trade keep the rules. linecheck looks at the line next.").AllOrigins(),
		contract.Publication(samples, contract.TradeRegistered, "The trade is done. Nothing that happens later undoes it.").WithSignature(),
		contract.Publication(samples, contract.TradeExecuted, "Every leg of the trade is settled.").AllOrigins(),
		contract.Publication(samples, contract.ActionProposed, "An action on a trade waits for a second person.").From(contract.API),
		contract.Publication(samples, contract.ActionEnded, "An action on a trade has taken place, or will not, with the reason.").From(contract.API),
		contract.Publication(samples, contract.TradeDeleted, "The trade should never have been booked, two persons say. Nothing is in its place.").From(contract.API).WithSignature(),
		contract.Publication(samples, contract.ActionsListed, "What may be done with a trade now, and what would come of it.").From(contract.API),
		contract.Publication(samples, contract.TradesListed, "Registered trades that are not executed, as a service has asked for them: to compare, or to take them over."),
		contract.Publication(samples, contract.TradeRejected, "The trade is not done. The code and the text say why, and what the provider can do."),
	}
}
