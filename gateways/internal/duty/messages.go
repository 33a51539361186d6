package duty

import (
	"embed"
	"fmt"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

//go:embed samples/*.json
var samples embed.FS

// Queue returns the name of the queue of requested moves. All instances of a gateway read it: any of them can write the wish
// into the lease's row, not only the one that holds the session.
func Queue(gateway string) string { return gateway + ".moves" }

// Topology adds to a gateway's topology what this package declares.
func Topology(gateway string, t amqp.Topology) amqp.Topology {
	t.Queues = append(t.Queues, amqp.Queue{
		Name: Queue(gateway), Purpose: "gives a provider's session to another instance, bars providers and admits them again",
		Bindings: contract.BindingsFrom(gateway, contract.MoveRequested, contract.SessionBarred, contract.SessionAdmitted),
	})
	t.Publishes = append(
		t.Publishes,
		contract.Publication(samples, contract.InstanceReported, "An instance of a gateway tells its state and the sessions that it serves. It does so once a second, and at once after a change."),
		contract.Publication(samples, contract.SessionTaken, "An instance serves a provider's session from now on, under this epoch."),
		contract.Publication(samples, contract.SessionLeft, "An instance has stopped serving a provider's session."),
	)
	return t
}

// reported is the data of instance.reported. Times are the instance's own.
type reported struct {
	Instance string         `json:"instance"` // service and replica
	Started  time.Time      `json:"started"`
	Sequence int64          `json:"sequence"` // counts the reports since the start
	Ready    bool           `json:"ready"`
	Reason   string         `json:"reason"`   // why it is not ready
	LateMS   int64          `json:"late_ms"`  // how late the instance runs, see lease.Pace
	LeaseMS  int64          `json:"lease_ms"` // how long its leases last for that
	Sessions []sessionState `json:"sessions"`
}

// sessionState is a session as an instance reports it. Held says whether this instance holds its lease.
type sessionState struct {
	Provider string    `json:"provider"`
	Held     bool      `json:"held"`
	Epoch    int64     `json:"epoch"` // 0 while it is not held
	LoggedOn bool      `json:"logged_on"`
	Since    time.Time `json:"since"`
}

// changed is the data of session.taken and session.left.
type changed struct {
	Provider string    `json:"provider"`
	Instance string    `json:"instance"`
	Epoch    int64     `json:"epoch"`
	At       time.Time `json:"at"`                // taken: when; left: when the end began
	EndedAt  time.Time `json:"ended_at,omitzero"` // when the end was complete
	Cause    string    `json:"cause,omitempty"`   // of the end: given, lapsed, refused or ended
}

// move has the fields of move.requested that the gateway reads.
type move struct {
	Provider string `json:"provider"`
	To       string `json:"to"`
	Epoch    int64  `json:"epoch"`
}

func readMove(e event.Event) (m move, err error) {
	if err := e.Read(&m); err != nil {
		return m, err
	}
	if m.Provider == "" || m.To == "" || m.Epoch < 1 {
		return m, fmt.Errorf("read %s %s: provider, target or epoch is missing", e.Type, e.ID)
	}
	return m, nil
}
