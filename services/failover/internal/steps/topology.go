package steps

import (
	"fxcore/lambda/amqp"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/failover/internal/messages"
)

// The queues of failover.
const (
	FactsQueue   = "failover"         // sessions that were taken or left, and commands
	ReportsQueue = "failover.reports" // what instances say of themselves
)

// newest is how many reports the queue keeps: some minutes of all instances. A replica that comes back needs the last report
// of each.
const newest = 1000

// facts is the table of steps of FactsQueue. To add a step, add its type here: the queue's bindings follow.
func facts() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.SessionTaken:      readTaken,
		contract.SessionLeft:       readLeft,
		contract.FailoverCommanded: readCommand,
	}
}

// reports is the table of the step of reports. They have a queue of their own because it drops old ones.
func reports() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.InstanceReported: readReport,
	}
}

// Topology is what failover declares at the broker.
func Topology() amqp.Topology {
	return amqp.Topology{
		Service: "failover",
		Queues: []amqp.Queue{
			{
				Name:     FactsQueue,
				Purpose:  "keeps the history of sessions and follows the commands of on-call",
				Bindings: contract.Bindings(facts().Types()...),
				Proofs:   contract.Proofs(facts().Types()...),
			},
			{
				Name:     ReportsQueue,
				Purpose:  "plans which instance should hold which provider",
				Bindings: contract.Bindings(reports().Types()...),
				Newest:   newest,
			},
		},
		Publishes: messages.Publications(),
	}
}
