package absence

import (
	"embed"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

//go:embed samples/*.json
var samples embed.FS

// Topology adds to a gateway's topology what this package publishes.
func Topology(t amqp.Topology) amqp.Topology {
	t.Publishes = append(t.Publishes, contract.Publication(samples, contract.SessionEnded,
		"A provider has stayed away for longer than its grace. What it had reserved until then and has not used is withdrawn."))
	return t
}

// Data of the event.
type Data struct {
	Provider string    `json:"provider"`
	Since    time.Time `json:"since"` // since when the provider is away
	Until    time.Time `json:"until"` // end of the grace; later reservations are not withdrawn
}

// Ended returns the event session.ended. Its id is derived from the session and since, so each absence has one id.
func Ended(session, provider, origin string, since, until time.Time) (event.Event, error) {
	id := event.NewID(event.DayOf(since), contract.SessionEnded.Name, session, since.UTC().Format(time.RFC3339Nano))
	e, err := event.New(contract.SessionEnded, id, origin, id, Data{provider, since.UTC(), until.UTC()})
	e.Time = until.UTC()
	return e, err
}
