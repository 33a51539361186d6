package story

import (
	"embed"
	"strings"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Publications are the requests that every gateway publishes, with its own samples.
func Publications(samples embed.FS) []amqp.Publication {
	return []amqp.Publication{
		contract.Publication(samples, contract.TradeRequested,
			"A provider asks for a trade, or reports one that was done elsewhere."),
		contract.Publication(samples, contract.LineCheckRequested,
			"A provider asks to reserve a client's line, or to consume or cancel a reservation."),
	}
}

// QueueName is the queue of all answers to one provider. It belongs to the instance that holds the provider's session.
func QueueName(gateway, provider string) string { return gateway + "." + strings.ToLower(provider) }

// Queue returns the declaration of the queue of all answers to one provider. Its bindings bring only answers to requests
// of that provider.
func Queue(gateway, provider string) amqp.Queue {
	return amqp.Queue{
		Name: QueueName(gateway, provider), Purpose: "tells the provider how its requests ended",
		Bindings: contract.BindingsFrom(strings.ToLower(provider), answers()...),
	}
}

// answers are the types that end what a provider asked for.
func answers() []event.Type {
	return []event.Type{
		contract.TradeRegistered, contract.TradeRejected, contract.TradeRepeated,
		contract.LineCheckCompleted, contract.LineCheckRejected, contract.LineCheckRepeated,
	}
}
