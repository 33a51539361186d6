// Package messages defines the messages that linecheck reads and publishes.
package messages

import (
	"embed"

	"fxcore/lambda/amqp"
	"fxcore/services/contract"
)

//go:embed samples/*.json
var samples embed.FS

// Publications returns the types that linecheck publishes, each with a sample of its data.
func Publications() []amqp.Publication {
	return []amqp.Publication{
		contract.Publication(samples, contract.TradeReserved, "The trade's exposure is reserved on every line that it uses; it can be registered until the reservation expires.").AllOrigins(),
		contract.Publication(samples, contract.TradeRejected, "A line does not bear the trade; code, text and nodes say which, and what is missing."),
		contract.Publication(samples, contract.LineCheckCompleted, "The line was reserved, or the reservation consumed or cancelled, as asked."),
		contract.Publication(samples, contract.LineCheckRejected, "A line does not bear what was asked for, or there is no such open reservation."),
		contract.Publication(samples, contract.ReservationsLeft, "A provider that stayed away had so much reserved that more is to be withdrawn."),
		contract.Publication(samples, contract.JobDue, "A job is due; whoever does a part of it takes that part."),
	}
}
