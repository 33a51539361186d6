package signin

import (
	"embed"

	"fxcore/lambda/amqp"
	"fxcore/services/contract"
)

//go:embed samples/*.json
var samples embed.FS

// QueueName returns the name of a service's queue of tokens. A log-in never waits behind trades.
func QueueName(service string) string { return service + ".tokens" }

// Queue returns the queue by which a service hears of tokens.
func Queue(service string) amqp.Queue {
	return amqp.Queue{
		Name:     QueueName(service),
		Purpose:  "knows which tokens are valid",
		Bindings: contract.Bindings(table().Types()...),
	}
}

// Commands returns the type that a program publishes besides, by which people command.
func Commands() []amqp.Publication {
	return []amqp.Publication{
		contract.Publication(samples, contract.CommandRequested, "A person wants a command to be given. The person's token is sealed for auth."),
	}
}

// Publications returns the types that a program publishes in which people and systems can sign in, each with a sample of its data.
func Publications() []amqp.Publication {
	return []amqp.Publication{
		contract.Publication(samples, contract.TokenRequested, "A person or a system proves who it is and asks for a token. The proof is sealed for auth."),
		contract.Publication(samples, contract.TokenCommanded, "A caller gives its token back, or operations revoke all tokens of a user."),
	}
}
