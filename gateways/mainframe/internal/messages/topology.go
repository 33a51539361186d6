// Package messages declares the queues of the mainframe's gateway, the events that it publishes, and the fields that it reads of
// other events.
package messages

import (
	"embed"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/services/contract"
)

// The queues.
const (
	Bookings = "mainframe.bookings"
	Static   = "mainframe.static"
)

// linger is how long a batch waits for more trades. The host books many trades in little more time than one.
const linger = 100 * time.Millisecond

//go:embed samples/*.json
var samples embed.FS

// Topology returns what the gateway declares at the broker.
func Topology() amqp.Topology {
	return amqp.Topology{
		Service: "mainframe",
		Queues: []amqp.Queue{
			{
				Name: Bookings, Purpose: "books every registered trade at the mainframe, once and in order", SingleActive: true,
				Bindings: contract.Bindings(contract.TradeRegistered), Linger: linger,
			},
			{
				Name: Static, Purpose: "fetches a data set from the mainframe",
				Bindings: contract.Bindings(contract.StaticRequested),
			},
		},
		Publishes: []amqp.Publication{
			contract.Publication(samples, contract.TradeBooked, "The mainframe has booked the trade. The booking reference names the booking there.").AllOrigins(),
			contract.Publication(samples, contract.TradeRefused, "The mainframe refuses to book a registered trade. Operations must act. The code is the mainframe's."),
			contract.Publication(samples, contract.StaticDelivered, "One page of a data set. If there are no pages, the set has not changed, and the records that the reader has hold as of the time given."),
		},
	}
}
