// Package messages defines the messages that settlement reads and publishes.
package messages

import (
	"embed"

	"fxcore/lambda/amqp"
	"fxcore/services/contract"
)

//go:embed samples/*.json
var samples embed.FS

// Publications returns the types that settlement publishes, each with a sample of its data.
func Publications() []amqp.Publication {
	return append(Commands(), []amqp.Publication{
		contract.Publication(samples, contract.MovementRequested, "The mainframe is to move money: all lines at once, or none, and not after the cut-off.").WithSignature(),
		contract.Publication(samples, contract.TradesRequested, "Settlement asks for registered trades, to find those whose legs it lacks."),
		contract.Publication(samples, contract.StatementRequested, "The mainframe is to list what it has moved on a day."),
		contract.Publication(samples, contract.ClockCommanded, "The bank's clock is to be moved on to a time, unless it is later already. Only where days are run ahead."),
		contract.Publication(samples, contract.SettlementReconciled, "A day is compared with the mainframe's statement. Nothing is corrected: a person explains each difference.").WithoutReaders(),
		contract.Publication(samples, contract.SettlementDeclined, "What a person commanded about a movement is not allowed in its state, or came too late. Nothing was done.").AllOrigins(),
		contract.Publication(samples, contract.SettlementReported, "The report of a day is made, or made anew: trades, legs, what is owed, and what the day's jobs have found."),
		contract.Publication(samples, contract.SettlementSettled, "A leg of a trade is settled: both amounts have moved.").AllOrigins(),
		contract.Publication(samples, contract.SettlementFailed, "A leg of a trade is not settled: the mainframe refused, or has not answered until the cut-off. A person must act.").AllOrigins(),
	}...)
}

// Commands returns the type that a person publishes by the command line.
func Commands() []amqp.Publication {
	return []amqp.Publication{
		contract.Publication(samples, contract.SettlementCommanded, "A person resolves a movement that has failed: it is tried again, was settled by hand, or was found in the mainframe's book.").WithProof(),
	}
}
