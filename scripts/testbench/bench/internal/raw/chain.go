// Package raw simulates a trade's way through the core without any business logic. It has the same number of
// confirmed messages over quorum queues, of deliveries and of PostgreSQL commits, in the same batches, on the same
// servers. Its throughput is the most that the core could reach if decisions cost nothing.
//
// One process plays all services, each with two replicas. An event has one kilobyte. A commit stores an inbox row and
// a state row of 800 bytes for each event of a batch, in one pipelined round trip.
package raw

// step says what an event reports.
type step byte

// The steps of a trade, named by the events that announce them (docs/messages.md).
const (
	requested step = iota
	authorized
	validated
	reserved
	registered
	assigned
	booked
	steps
)

var names = [steps]string{"requested", "authorized", "validated", "reserved", "registered", "assigned", "booked"}

// none says that a step has no next step.
const none = steps

// service is one service of the core, reduced to three things: what it reads, what each event leads to, and whether
// it stores.
type service struct {
	name     string
	replicas int
	queues   []queue
	leads    [steps]step
	stores   bool
	final    bool // the trade ends at this service with registered: the answer is durable
}

type queue struct {
	name  string
	keys  []step
	exact bool // bound to one origin only, as the queue of a provider is
}

// way says which step follows a step.
type way struct{ from, to step }

func leads(ways ...way) (to [steps]step) {
	for i := range to {
		to[i] = none
	}
	for _, w := range ways {
		to[w.from] = w.to
	}
	return to
}

// services returns the services of docs/messages.md. [PerTrade] counts what a trade costs them.
func services() []service {
	return []service{
		{
			name: "auth", replicas: 2, stores: true, leads: leads(way{requested, authorized}),
			queues: []queue{{name: "auth", keys: []step{requested}}},
		},
		{
			name: "trading", replicas: 2, stores: true, leads: leads(way{authorized, validated}, way{reserved, registered}),
			queues: []queue{{name: "trading", keys: []step{authorized, reserved}}, {name: "trading.facts", keys: []step{assigned, booked}}},
		},
		{
			name: "linecheck", replicas: 2, stores: true, leads: leads(way{validated, reserved}),
			queues: []queue{{name: "linecheck", keys: []step{validated}}, {name: "linecheck.facts", keys: []step{registered}}},
		},
		{
			name: "responsibility", replicas: 2, stores: true, leads: leads(way{registered, assigned}),
			queues: []queue{{name: "responsibility", keys: []step{registered}}},
		},
		{
			name: "mainframe", replicas: 2, leads: leads(way{registered, booked}),
			queues: []queue{{name: "mainframe", keys: []step{registered}}},
		},
		{
			name: "gateway", replicas: 1, stores: true, final: true, leads: leads(),
			queues: []queue{{name: "fix", keys: []step{registered}, exact: true}},
		},
	}
}
