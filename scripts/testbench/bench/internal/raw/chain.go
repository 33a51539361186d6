// Package raw is the way of a trade through the core with no logic in it: the same number of confirmed messages over
// quorum queues, of deliveries and of Postgres commits, in the same batches, on the same servers. What it reaches is
// what the core could reach at most if deciding cost nothing.
//
// One process plays all services, each with two replicas. An event is a kilobyte; a commit stores an inbox row and a
// state row of 800 bytes for every event of a batch in one pipelined round trip.
package raw

// step is what an event says has happened.
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

// none says that a step leads to nothing further.
const none = steps

// service is one of the core's, reduced to what it reads, what each event leads to, and whether it stores.
type service struct {
	name     string
	replicas int
	queues   []queue
	leads    [steps]step
	stores   bool
	final    bool // registered ends the trade here: the answer is durable
}

type queue struct {
	name  string
	keys  []step
	exact bool // of one origin only: the queue of a provider
}

// way is what one step leads to.
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

// services is the table of docs/messages.md: 7 publishes, 10 deliveries and 10 commits a trade, the entry's included.
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
