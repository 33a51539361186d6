// Package messages defines the messages that linecheck reads and publishes.
package messages

import (
	"embed"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/services/contract"
)

//go:embed samples/*.json
var samples embed.FS

// timedExpiry is how long the broker keeps a message about how long line checks took.
const timedExpiry = 10 * time.Second

// Timed is the data of linecheck.timed: the line checks that a replica has answered in about a second.
type Timed struct {
	Checks int     `json:"checks"`
	MeanMS float64 `json:"mean_ms"` // from auth's permission until the answer is stored, in milliseconds
	P95MS  float64 `json:"p95_ms"`  // the 95th percentile of that
}

func timed() amqp.Publication {
	p := contract.Publication(samples, contract.LineChecksTimed, "How long line checks took lately: once a second, while there are any. Other work yields to them by it.")
	p.Expiry = timedExpiry
	return p
}

// Publications returns the types that linecheck publishes, each with a sample of its data.
func Publications() []amqp.Publication {
	return []amqp.Publication{
		contract.Publication(samples, contract.TradeReserved, "The trade's exposure is reserved on every line that it uses. The trade can be registered until the reservation expires.").AllOrigins(),
		contract.Publication(samples, contract.TradeRejected, "A line has no room for the trade. The code, the text and the nodes say which line it is, and how much is missing."),
		contract.Publication(samples, contract.LineCheckCompleted, "The line is reserved, or the reservation is consumed or cancelled, as the provider asked."),
		contract.Publication(samples, contract.LineCheckRejected, "A line has no room for the request, or the reservation that it names is not open."),
		timed(),
		contract.Publication(samples, contract.WhatIfAnswered, "What deals would use of their lines, each by itself and one after the other, and which of them would be refused. Nothing is reserved."),
		contract.Publication(samples, contract.LinesDelivered, "What lines allow and carry, as far as who asks may see them."),
		contract.Publication(samples, contract.LinesCompared, "Each stored figure of the lines is compared with the sum of its reservations. Nothing is corrected: a person explains each difference."),
		contract.Publication(samples, contract.ReservationsLeft, "A provider that stayed away had many reservations, and a part of them is not withdrawn yet. This message asks for that part."),
		contract.Publication(samples, contract.JobDue, "A job is due. Each reader does its own part of the job."),
	}
}
