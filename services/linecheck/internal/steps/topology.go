package steps

import (
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/comparison"
	"fxcore/services/linecheck/internal/messages"
)

// The queues of linecheck.
const (
	ChecksQueue   = "linecheck"          // trades and line checks that reserve or free a line
	FactsQueue    = "linecheck.facts"    // registered trades
	SettledQueue  = "linecheck.settled"  // legs of trades that are settled
	DeletedQueue  = "linecheck.deleted"  // trades that are deleted
	JobsQueue     = "linecheck.jobs"     // jobs that are due
	SessionsQueue = "linecheck.sessions" // providers that did not come back in time

	// QuestionsQueue brings questions about lines. It is a queue of its own, so that no trade waits behind one.
	QuestionsQueue = "linecheck.questions"
)

// mostQuestions bounds the questions that wait. Nobody waits for an answer for longer than some seconds, so the oldest ones are
// of no use.
const mostQuestions = 1_000

// linger is how long a batch of facts waits for more. The wait changes no answer of a registered trade, because it uses its
// lines as much as its reservation did, and a settled leg has used its lines for days. Releases are in the other queue and do not wait, because they free lines.
const linger = 100 * time.Millisecond

// settledBatch bounds the batches of settled legs. Each locks the nodes of all its legs, which line checks need, once and while it stores. So a
// larger batch holds the locks for less time in all.
const settledBatch = 256

// The tables of the queues' steps. To add a step, add its type to one of them: the queue's bindings follow.

func checks() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.TradeValidated:      readValidated,
		contract.TradeRejected:       readRejected,
		contract.LineCheckAuthorized: readCheck,
	}
}

func facts() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.TradeRegistered: readRegistered,
	}
}

// settled has a queue of its own. During an update replicas of the version before read the queues that they know, and would send a
// message that they do not know to the error queue.
func settled() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.SettlementSettled: readSettled,
	}
}

// deleted has a queue of its own for the same reason.
func deleted() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.TradeDeleted: readDeleted,
	}
}

func jobs() inbox.Table[*Expiry] {
	return inbox.Table[*Expiry]{
		contract.JobDue: readJob,
	}
}

func sessions() inbox.Table[*Withdrawal] {
	return inbox.Table[*Withdrawal]{
		contract.SessionEnded:     readEnded,
		contract.ReservationsLeft: readEnded,
	}
}

// asked returns the types that [Questions] answers.
func asked() []event.Type { return []event.Type{contract.WhatIfRequested, contract.LinesRequested} }

// Topology returns what linecheck declares at the broker.
func Topology() amqp.Topology {
	return amqp.Topology{
		Service: "linecheck",
		Queues: []amqp.Queue{
			{
				Name:     ChecksQueue,
				Purpose:  "reserves the lines for trades and line checks, and frees what a rejected trade had reserved",
				Bindings: contract.Bindings(checks().Types()...),
			},
			{
				Name:     FactsQueue,
				Purpose:  "consumes what a registered trade had reserved",
				Bindings: contract.Bindings(facts().Types()...),
				Linger:   linger,
				Waits:    true, // trades, for the rates by which they are measured
			},
			{
				Name:     SettledQueue,
				Purpose:  "frees what a settled leg used",
				Bindings: contract.Bindings(settled().Types()...),
				Linger:   linger,
				MaxBatch: settledBatch,
				Yields:   true, // to line checks
			},
			{
				Name:     DeletedQueue,
				Purpose:  "frees what a deleted trade used",
				Bindings: contract.Bindings(deleted().Types()...),
				Linger:   linger,
				Proven:   true,
			},
			{
				Name:     JobsQueue,
				Purpose:  "expires reservations that were not used in time",
				Bindings: contract.Bindings(jobs().Types()...),
				Selects:  true,
			},
			comparison.Jobs().Queue(),
			{
				Name:     SessionsQueue,
				Purpose:  "withdraws what a provider that stayed away had reserved and not used",
				Bindings: contract.Bindings(sessions().Types()...),
			},
			{
				Name:     QuestionsQueue,
				Purpose:  "answers what lines carry and what deals would use of them; reserves nothing",
				Bindings: contract.Bindings(asked()...),
				Newest:   mostQuestions,
			},
		},
		Publishes: append(messages.Publications(), comparison.Publications()...),
	}
}
