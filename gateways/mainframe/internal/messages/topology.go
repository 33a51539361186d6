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
	Bookings   = "mainframe.bookings"
	Reversals  = "mainframe.reversals"
	Movements  = "mainframe.movements"
	Statements = "mainframe.statements"
	Static     = "mainframe.static"
	Clock      = "mainframe.clock"
)

// linger is how long a batch waits for more trades or movements. The host carries out many in little more time than one.
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
				Bindings: contract.Bindings(contract.TradeRegistered), Linger: linger, Proven: true,
			},
			{
				Name: Reversals, Purpose: "books the opposite of deleted trades at the mainframe, once and in order", SingleActive: true,
				Bindings: contract.Bindings(contract.TradeDeleted), Proven: true,
			},
			{
				Name: Movements, Purpose: "moves money between accounts at the mainframe, once and in order", SingleActive: true,
				Bindings: contract.Bindings(contract.MovementRequested), Linger: linger, Proven: true,
			},
			{
				Name: Statements, Purpose: "fetches what the mainframe has moved on a day",
				Bindings: contract.Bindings(contract.StatementRequested),
			},
			{
				Name: Static, Purpose: "fetches a data set from the mainframe",
				Bindings: contract.Bindings(contract.StaticRequested),
			},
			{
				Name: Clock, Purpose: "has the mainframe's simulator move the bank's clock on, where days are run ahead",
				Bindings: contract.Bindings(contract.ClockCommanded),
			},
		},
		Publishes: []amqp.Publication{
			contract.Publication(samples, contract.TradeBooked, "The mainframe has booked the trade. The booking reference names the booking there.").AllOrigins(),
			contract.Publication(samples, contract.TradeRefused, "The mainframe refuses to book a registered trade. Operations must act. The code is the mainframe's."),
			contract.Publication(samples, contract.ReversalBooked, "The mainframe has booked the opposite of a trade that is deleted."),
			contract.Publication(samples, contract.ReversalRefused, "The mainframe refuses to book the opposite of a trade that is deleted. Operations must act. The code is the mainframe's."),
			contract.Publication(samples, contract.MovementMade, "The mainframe has moved the money: all lines of the movement. The reference names the movement there.").AllOrigins(),
			contract.Publication(samples, contract.MovementRefused, "The mainframe has moved nothing, and will not do so for this attempt. The code is the mainframe's."),
			contract.Publication(samples, contract.StatementDelivered, "One page of what the mainframe has moved on a day, in its order. A request leads to one page or more."),
			contract.Publication(samples, contract.StaticDelivered, "One page of a data set. If there are no pages, the set has not changed, and the records that the reader has hold as of the time given."),
		},
	}
}
