// Package messages is what trading reads from the broker and what it publishes.
package messages

import "fxcore/lambda/event"

// The types that trading reads on a request's way to being a trade.
var (
	TradeAuthorized = event.Type{Name: "trade.authorized", Version: 1}
	TradeReserved   = event.Type{Name: "trade.reserved", Version: 1}
)

// The types that tell what became of a trade. TradeRejected is published as well.
var (
	TradeRejected = event.Type{Name: "trade.rejected", Version: 1}
	TradeAssigned = event.Type{Name: "trade.assigned", Version: 1}
	TradeBooked   = event.Type{Name: "trade.booked", Version: 1}
	TradeRefused  = event.Type{Name: "trade.refused", Version: 1}
)

// The types that trading publishes besides TradeRejected.
var (
	TradeValidated  = event.Type{Name: "trade.validated", Version: 1}
	TradeRegistered = event.Type{Name: "trade.registered", Version: 1}
)
