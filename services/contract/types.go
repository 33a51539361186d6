package contract

import "fxcore/lambda/event"

// A trade's way from the request to the end of its story.
var (
	TradeRequested  = first("trade.requested")  // a provider asks for a trade, or reports one that was done elsewhere
	TradeAuthorized = first("trade.authorized") // auth: the provider may ask this for the client
	TradeValidated  = first("trade.validated")  // trading: dates, amounts and price keep the rules
	TradeReserved   = first("trade.reserved")   // linecheck: every line bears it
	TradeRegistered = first("trade.registered") // trading: it is done
	TradeRejected   = first("trade.rejected")   // any step: it is not done, and why
	TradeRepeated   = first("trade.repeated")   // auth: it was asked for before
	TradeAssigned   = first("trade.assigned")   // responsibility: a desk and a trader answer for it
	TradeBooked     = first("trade.booked")     // the mainframe has booked it
	TradeRefused    = first("trade.refused")    // the mainframe does not book it
)

// A line check's way.
var (
	LineCheckRequested  = first("linecheck.requested")
	LineCheckAuthorized = first("linecheck.authorized")
	LineCheckCompleted  = first("linecheck.completed")
	LineCheckRejected   = first("linecheck.rejected")
	LineCheckRepeated   = first("linecheck.repeated")
)

// The mainframe's static data.
var (
	StaticRequested = first("static.requested")
	StaticDelivered = first("static.delivered")
)

// Operations: sessions, gateway instances, jobs.
var (
	InstanceReported  = first("instance.reported")
	SessionTaken      = first("session.taken")
	SessionLeft       = first("session.left")
	SessionEnded      = first("session.ended") // a provider has stayed away for longer than was agreed
	FailoverCommanded = first("failover.commanded")
	MoveRequested     = first("move.requested")
	JobDue            = first("job.due")
	ReservationsLeft  = first("reservations.left") // more of what an absent provider reserved is to be withdrawn
)

// All lists every type, in the order of a story: a trade's way, a line check's, static data, operations.
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

// first is the first version of a type.
func first(name string) event.Type { return event.Type{Name: name, Version: 1} }
