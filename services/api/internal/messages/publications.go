package messages

import (
	"embed"

	"fxcore/lambda/amqp"
	"fxcore/services/contract"
	"fxcore/services/signin"
)

//go:embed samples/*.json
var samples embed.FS

// Publications returns the types that the API publishes, each with a sample of its data.
func Publications() []amqp.Publication {
	return append([]amqp.Publication{
		contract.Publication(samples, contract.TradeRequested, "A person or a system of the bank asks for a trade.").From(contract.API),
		contract.Publication(samples, contract.LineCheckRequested, "A person or a system of the bank asks to reserve a client's line, or to consume or cancel a reservation.").From(contract.API),
		contract.Publication(samples, contract.WhatIfRequested, "A caller asks what trades would use of their lines. Nothing is reserved."),
		contract.Publication(samples, contract.ActionsRequested, "A person asks what may be done with a trade.").From(contract.API),
		contract.Publication(samples, contract.LinesRequested, "A caller asks what lines allow and carry."),
	}, append(signin.Publications(), signin.Commands()...)...)
}
