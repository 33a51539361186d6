package steps

import (
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/inbox"
	"fxcore/services/api/internal/messages"
	"fxcore/services/contract"
	"fxcore/services/signin"
)

// The queues: what happens to trades, and to tokens. A log-in never waits behind trades. The answers to questions are a stream,
// because each replica reads all of them: the broker does not know which one asked.
const (
	Queue         = "api"
	SettledQueue  = "api.settled"
	RefusedQueue  = "api.refused"
	ComparedQueue = "api.compared"
	ActionsQueue  = "api.actions"
	AnswersStream = "api.answers"
)

// The bounds of the stream. An answer is of use for some seconds.
const (
	answersAge   = time.Minute
	answersBytes = 64 << 20
)

// What has become of a provider's trade is shown a second later: by then the mainframe has booked it, as a rule, so that all messages of
// the trade meet in one batch and its row is written once. Callers of the API may wait for the outcome of their request.
const (
	linger       = time.Second
	callerLinger = 100 * time.Millisecond
	batch        = 8_192 // events
)

// settledLinger is how long a batch of news about settlement waits for more. Nobody waits for them, and on the day of a value date there are
// many at once: that its leg is settled, and that it is executed, which trading tells a moment later, rewrite the row of most trades once.
const (
	settledLinger = 2 * time.Second
	settledBatch  = 4_096 // events
)

// facts returns the table of the queue's steps. To add a step, add its type here: the queue's bindings follow.
func facts() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.TradeRegistered:    telling(messages.ReadRegistered),
		contract.TradeRejected:      telling(messages.ReadRejected),
		contract.TradeAssigned:      telling(messages.ReadAssigned),
		contract.TradeBooked:        telling(messages.ReadBooked),
		contract.TradeRefused:       telling(messages.ReadRefused),
		contract.TradeRequested:     readOriginal,
		contract.LineCheckRequested: readOriginal,
		contract.LineCheckCompleted: readCheck,
		contract.LineCheckRejected:  readCheck,
		contract.SettlementDeclined: readDeclined,

		contract.SettlementCommanded: readCommanded,
		contract.SettlementReported:  readReported,
		contract.JobDue:              readDue,
		contract.JobFinished:         readFinished,
	}
}

// settled returns the table of the steps of news about settlement. They have a queue of their own, so that they hold up no caller.
func settled() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.TradeExecuted:     telling(messages.ReadExecuted),
		contract.SettlementSettled: telling(messages.ReadSettled),
		contract.SettlementFailed:  telling(messages.ReadFailed),
	}
}

// refusals returns the table of the steps of messages that gateways have refused. Nobody waits for them.
func refusals() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{contract.MessageRefused: readMessageRefused}
}

// comparisons returns the table of the step of comparisons of lines: one each night.
func comparisons() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{contract.LinesCompared: readCompared}
}

// actions returns the table of the steps of actions on trades. They have a queue of their own: replicas of the version before do not know them.
func actions() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.ActionProposed:  readAction,
		contract.ActionEnded:     readAction,
		contract.TradeDeleted:    telling(messages.ReadDeleted),
		contract.ReversalBooked:  telling(messages.ReadReversal),
		contract.ReversalRefused: telling(messages.ReadReversal),
	}
}

// Topology returns what the API declares at the broker.
func Topology() amqp.Topology {
	return amqp.Topology{
		Service: "api",
		Queues: []amqp.Queue{{
			Name:     Queue,
			Purpose:  "shows what happened to each trade, line check and job, and tells callers how their requests ended",
			Bindings: contract.Bindings(facts().Types()...),
			Linger:   linger,
			Urgency:  amqp.Urgency{Origin: contract.API, Linger: callerLinger},
			MaxBatch: batch,
		}, {
			Name:     SettledQueue,
			Purpose:  "shows which legs are settled, and which trades are executed",
			Bindings: contract.Bindings(settled().Types()...),
			Linger:   settledLinger,
			MaxBatch: settledBatch,
			Yields:   true, // to callers
		}, {
			Name:     RefusedQueue,
			Purpose:  "keeps messages of providers that gateways have refused",
			Bindings: contract.Bindings(refusals().Types()...),
			Linger:   linger,
		}, {
			Name:     ComparedQueue,
			Purpose:  "shows in the report of a day which lines differ from their reservations",
			Bindings: contract.Bindings(comparisons().Types()...),
		}, {
			Name:     ActionsQueue,
			Purpose:  "shows what people propose to do with trades, and what became of it",
			Bindings: contract.Bindings(actions().Types()...),
		}, signin.Queue("api"), {
			Name:     AnswersStream,
			Purpose:  "hands answers to questions about lines and trades to the callers who wait for them",
			Bindings: contract.Bindings(contract.WhatIfAnswered, contract.LinesDelivered, contract.ActionsListed),
			Stream:   amqp.Retention{MaxAge: answersAge, MaxBytes: answersBytes},
		}},
		Publishes: messages.Publications(),
	}
}
