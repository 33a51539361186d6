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
	TradeExecuted   = first("trade.executed")   // trading: every leg of the trade is settled
)

// The types of events about actions on registered trades.
var (
	TradeCommanded  = first("trade.commanded")  // a person acts on a trade, or decides about an action
	ActionProposed  = first("action.proposed")  // trading: the action waits for a second person
	ActionEnded     = first("action.ended")     // trading: it is done, or not, with the reason
	TradeDeleted    = first("trade.deleted")    // trading: the trade should never have been booked; nothing is in its place
	ReversalBooked  = first("reversal.booked")  // the mainframe has booked the opposite of a trade that has ended
	ReversalRefused = first("reversal.refused") // the mainframe has refused to
)

// The types of the question what may be done with a trade, and of its answer. Nobody keeps them: who asks waits for the answer, or asks again.
var (
	ActionsRequested = first("actions.requested")
	ActionsListed    = first("actions.listed")
)

// The types by which a service compares its data with the registered trades, or gets those that were done before it existed.
var (
	TradesRequested = first("trades.requested")
	TradesListed    = first("trades.listed")
)

// The types of a line check's events.
var (
	LineCheckRequested  = first("linecheck.requested")
	LineCheckAuthorized = first("linecheck.authorized")
	LineCheckCompleted  = first("linecheck.completed")
	LineCheckRejected   = first("linecheck.rejected")
	LineCheckRepeated   = first("linecheck.repeated")
	LineChecksTimed     = first("linecheck.timed") // how long line checks took lately, for work that yields to them
)

// The types of questions about lines, and of their answers. Nobody keeps them: who asks waits for the answer, or asks again.
var (
	WhatIfRequested = first("whatif.requested") // what would deals use of their lines? Nothing is reserved
	WhatIfAnswered  = first("whatif.answered")
	LinesRequested  = first("lines.requested") // what do lines carry?
	LinesDelivered  = first("lines.delivered")
)

// LinesCompared tells how many stored figures of lines differ from what the reservations add up to.
var LinesCompared = first("lines.compared")

// The types of events about settlement. A movement is what the mainframe is instructed to move at once: all its lines or
// none. A statement lists what the mainframe has moved on a day.
var (
	MovementRequested    = first("movement.requested")    // settlement instructs the mainframe
	MovementMade         = first("movement.made")         // the mainframe has moved the money
	MovementRefused      = first("movement.refused")      // the mainframe has refused to move it
	SettlementSettled    = first("settlement.settled")    // a leg of a trade is settled
	SettlementFailed     = first("settlement.failed")     // a leg is not settled in time, or refused
	SettlementCommanded  = first("settlement.commanded")  // a person resolves what has failed
	SettlementDeclined   = first("settlement.declined")   // what a person commanded cannot be done
	SettlementReconciled = first("settlement.reconciled") // a day's movements are compared with the mainframe's
	SettlementReported   = first("settlement.reported")   // the report of a day is made
	StatementRequested   = first("statement.requested")
	StatementDelivered   = first("statement.delivered")
)

// The types of events about access by the API. Package access defines their data.
var (
	TokenRequested      = first("token.requested")      // a person or a system proves who it is and asks for a token
	TokenIssued         = first("token.issued")         // auth: the token is valid from now on
	TokenRefused        = first("token.refused")        // auth: there is no token, with the reason
	TokenCommanded      = first("token.commanded")      // somebody revokes a token, or all tokens of a user
	TokenRevoked        = first("token.revoked")        // auth: the token, or all tokens of the user, are valid no longer
	CredentialCommanded = first("credential.commanded") // on-call sets or removes a user's credential
	CommandRequested    = first("command.requested")    // a person, by a token, wants a command to be given
	CommandRefused      = first("command.refused")      // auth: the person may not, or the token does not count
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
	SessionBarred     = first("session.barred")   // on-call: the provider is cut off, and not admitted until a person says so
	SessionAdmitted   = first("session.admitted") // on-call: it may log on again
	SessionEnded      = first("session.ended")    // a provider did not come back within the agreed time
	MessageRefused    = first("message.refused")  // a gateway has refused a provider's message by itself
	FailoverCommanded = first("failover.commanded")
	MoveRequested     = first("move.requested")
	JobDue            = first("job.due")
	JobCommanded      = first("job.commanded") // a person starts a job by hand
	JobFinished       = first("job.finished")
	ClockCommanded    = first("clock.commanded")   // the bank's clock is to be moved on, where days are run ahead
	ReservationsLeft  = first("reservations.left") // an absent provider has more reservations to withdraw
	HealthReported    = first("health.reported")   // every instance of every program: how it is; lambda/run publishes it
	AlertRaised       = first("alert.raised")      // monitoring: a rule's measure has been beyond its threshold for long enough
	AlertCleared      = first("alert.cleared")     // monitoring: it has been good again for long enough
	ErrorReplayed     = first("error.replayed")    // a person has put a message that failed back into its queue
	ErrorDiscarded    = first("error.discarded")   // a person has given up a message that failed
	AuditNoted        = first("audit.noted")       // every program: what happened to security that no other message tells; lambda/run publishes it
)

// All returns every type in a fixed order: trades, line checks, questions about lines, settlement, access, static data, operations.
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
		TradeExecuted,
		TradeCommanded,
		ActionProposed,
		ActionEnded,
		TradeDeleted,
		ReversalBooked,
		ReversalRefused,
		ActionsRequested,
		ActionsListed,
		TradesRequested,
		TradesListed,
		LineCheckRequested,
		LineCheckAuthorized,
		LineCheckCompleted,
		LineCheckRejected,
		LineCheckRepeated,
		LineChecksTimed,
		WhatIfRequested,
		WhatIfAnswered,
		LinesRequested,
		LinesDelivered,
		LinesCompared,
		MovementRequested,
		MovementMade,
		MovementRefused,
		SettlementSettled,
		SettlementFailed,
		SettlementCommanded,
		SettlementDeclined,
		SettlementReconciled,
		SettlementReported,
		StatementRequested,
		StatementDelivered,
		TokenRequested,
		TokenIssued,
		TokenRefused,
		TokenCommanded,
		TokenRevoked,
		CredentialCommanded,
		CommandRequested,
		CommandRefused,
		StaticRequested,
		StaticDelivered,
		InstanceReported,
		SessionTaken,
		SessionLeft,
		SessionBarred,
		SessionAdmitted,
		SessionEnded,
		MessageRefused,
		FailoverCommanded,
		MoveRequested,
		JobDue,
		JobCommanded,
		JobFinished,
		ClockCommanded,
		ReservationsLeft,
		HealthReported,
		AlertRaised,
		AlertCleared,
		ErrorReplayed,
		ErrorDiscarded,
		AuditNoted,
	}
}

// first returns version 1 of a type.
func first(name string) event.Type { return event.Type{Name: name, Version: 1} }
