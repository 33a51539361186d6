package contract

import "fxcore/lambda/event"

// The types of a trade's events, from the request to the booking.
var (
	TradeRequested  = first("trade.requested")  // a provider asks for a trade, or reports one that was done elsewhere
	TradeAuthorized = first("trade.authorized") // auth: the provider may make this request for the client
	TradeValidated  = first("trade.validated")  // trading: dates, amounts and price follow the rules
	TradeReserved   = first("trade.reserved")   // linecheck: every line has room for the trade
	TradeRegistered = first("trade.registered") // trading: the trade is done
	TradeRejected   = first("trade.rejected")   // any step: the trade is refused, with the reason
	TradeRepeated   = first("trade.repeated")   // auth: the same request came before
	TradeAssigned   = first("trade.assigned")   // responsibility: a desk and a trader are responsible for the trade
	TradeBooked     = first("trade.booked")     // the mainframe has booked the trade
	TradeRefused    = first("trade.refused")    // the mainframe has refused to book the trade
)

// The types of a line check's events.
var (
	LineCheckRequested  = first("linecheck.requested")
	LineCheckAuthorized = first("linecheck.authorized")
	LineCheckCompleted  = first("linecheck.completed")
	LineCheckRejected   = first("linecheck.rejected")
	LineCheckRepeated   = first("linecheck.repeated")
)

// The types of events about the mainframe's static data.
var (
	StaticRequested = first("static.requested")
	StaticDelivered = first("static.delivered")
)

// The types of operational events: gateway instances, sessions, jobs.
var (
	InstanceReported  = first("instance.reported")
	SessionTaken      = first("session.taken")
	SessionLeft       = first("session.left")
	SessionEnded      = first("session.ended") // a provider did not come back within the agreed time
	FailoverCommanded = first("failover.commanded")
	MoveRequested     = first("move.requested")
	JobDue            = first("job.due")
	ReservationsLeft  = first("reservations.left") // an absent provider has more reservations to withdraw
)

// All returns every type in a fixed order: trades, line checks, static data, operations.
func All() []event.Type {
	return []event.Type{
		TradeRequested,
		TradeAuthorized,
		TradeValidated,
		TradeReserved,
		TradeRegistered,
		TradeRejected,
		TradeRepeated,
		TradeAssigned,
		TradeBooked,
		TradeRefused,
		LineCheckRequested,
		LineCheckAuthorized,
		LineCheckCompleted,
		LineCheckRejected,
		LineCheckRepeated,
		StaticRequested,
		StaticDelivered,
		InstanceReported,
		SessionTaken,
		SessionLeft,
		SessionEnded,
		FailoverCommanded,
		MoveRequested,
		JobDue,
		ReservationsLeft,
	}
}

// first returns version 1 of a type.
func first(name string) event.Type { return event.Type{Name: name, Version: 1} }
