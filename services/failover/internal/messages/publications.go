// Package messages is what failover reads from the broker and what it publishes.
package messages

import (
	"embed"

	"fxcore/lambda/amqp"
	"fxcore/services/contract"
)

//go:embed samples/*.json
var samples embed.FS

// Publications are the types that failover publishes, its command line included, each with a sample of its data.
func Publications() []amqp.Publication {
	return append(
		commands(),
		contract.Publication(samples, contract.MoveRequested,
			"A provider's session must move to another instance of its gateway. The request is void once the session has another epoch."),
		contract.Publication(samples, contract.SessionBarred, "A person cuts a provider off: its session ends at once, and it is not admitted."),
		contract.Publication(samples, contract.SessionAdmitted, "A person lets a provider log on again."),
	)
}

// Commands is the topology of the command line, which only publishes.
func Commands() amqp.Topology { return amqp.Topology{Service: "failover", Publishes: commands()} }

func commands() []amqp.Publication {
	return []amqp.Publication{
		contract.Publication(samples, contract.FailoverCommanded, "In an emergency the person on call asks for a move, a drain, another home or a fall-back at a shell.").WithProof(),
	}
}
