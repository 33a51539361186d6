package steps

import (
	"fxcore/lambda/amqp"
	"fxcore/lambda/inbox"
	"fxcore/services/auth/internal/messages"
	"fxcore/services/contract"
)

// Queue is the queue of all requests that need authorisation.
const Queue = "auth"

// requests returns the table of the queue's steps. To add a step, add its type here: the queue's bindings follow.
func requests() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.TradeRequested:     readTrade,
		contract.LineCheckRequested: readLineCheck,
	}
}

// Topology returns what auth declares at the broker.
func Topology() amqp.Topology {
	return amqp.Topology{
		Service: "auth",
		Queues: []amqp.Queue{{
			Name:     Queue,
			Purpose:  "decides whether the provider may ask this for the client, and whether it asked before",
			Bindings: contract.Bindings(requests().Types()...),
			Waits:    true, // reports, for static data
		}, {
			Name:     TokensQueue,
			Purpose:  "issues and revokes tokens for the API, keeps the credentials of people and systems, and gives the commands of people who may",
			Bindings: contract.Bindings(tokens().Types()...),
		}},
		Publishes: messages.Publications(),
	}
}
