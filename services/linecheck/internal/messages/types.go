// Package messages is what linecheck reads from the broker and what it publishes.
package messages

import "fxcore/lambda/event"

// The types that linecheck reads.
var (
	TradeValidated      = event.Type{Name: "trade.validated", Version: 1}
	TradeRegistered     = event.Type{Name: "trade.registered", Version: 1}
	LineCheckAuthorized = event.Type{Name: "linecheck.authorized", Version: 1}
	SessionHasEnded     = event.Type{Name: "session.ended", Version: 1}
)

// The types that linecheck publishes. It reads TradeRejected and JobDue, too: its own and others'.
var (
	TradeReserved      = event.Type{Name: "trade.reserved", Version: 1}
	TradeRejected      = event.Type{Name: "trade.rejected", Version: 1}
	LineCheckCompleted = event.Type{Name: "linecheck.completed", Version: 1}
	LineCheckRejected  = event.Type{Name: "linecheck.rejected", Version: 1}
	JobDue             = event.Type{Name: "job.due", Version: 1}
	ProviderLeft       = event.Type{Name: "reservations.left", Version: 1}
)
