package intake

import (
	"fxcore/lambda/amqp"
	"fxcore/services/contract"
	"fxcore/services/signin"
)

const service = "logging"

// ReportsQueue is the queue of reports of health.
const ReportsQueue = "logging.health"

// newestReports bounds the queue of reports: an hour of 50 instances.
const newestReports = 36_000

// Topology is what the service declares at the broker. The queue of log lines is not part of it: every program declares that one.
func Topology() amqp.Topology {
	reports := amqp.Queue{
		Name: ReportsQueue, Purpose: "keeps the history of health: was an instance ready at a time?",
		Bindings: contract.Bindings(contract.HealthReported), Newest: newestReports,
	}
	return amqp.Topology{Service: service, Queues: []amqp.Queue{reports, signin.Queue(service)}, Takes: []string{amqp.LogQueue}}
}
