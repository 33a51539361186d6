package desk

import (
	"embed"
	"strconv"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/monitoring/internal/failed"
	"fxcore/services/monitoring/internal/failed/store"
)

//go:embed samples/*.json
var samples embed.FS

// Resolved is the data of error.replayed and error.discarded.
type Resolved struct {
	ErrorID   string    `json:"error_id"`
	Queue     string    `json:"queue"`
	MessageID string    `json:"message_id"`
	Type      string    `json:"type"`
	By        string    `json:"by"`
	Reason    string    `json:"reason"`
	At        time.Time `json:"at"`
}

// Publications returns what the error queue publishes: the audit of what people do about messages that failed.
func Publications() []amqp.Publication {
	return []amqp.Publication{
		contract.Publication(samples, contract.ErrorReplayed, "On-call has put a message that failed back into its queue."),
		contract.Publication(samples, contract.ErrorDiscarded, "On-call has given up a message that failed."),
	}
}

// tell returns the event about a resolution. It is the same however often it is made.
func tell(u store.Untold) (event.Event, error) {
	typ := contract.ErrorReplayed
	if u.What == failed.Discarded {
		typ = contract.ErrorDiscarded
	}
	at := u.At.UTC()
	about := u.Correlation
	if about == "" {
		about = u.ID
	}
	e, err := event.New(typ, event.ChildID(u.ID, typ.Name, strconv.FormatInt(u.Step, 10)), contract.Operations, about, Resolved{
		ErrorID: u.ID, Queue: u.Queue, MessageID: u.MessageID, Type: u.Type, By: u.By, Reason: u.Note, At: at,
	})
	e.Time = at
	return e, err
}
