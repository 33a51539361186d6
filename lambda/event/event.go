// Package event is the envelope of every message: a CloudEvents 1.0 event in its JSON form, with the extensions that
// make a choreography traceable and repeatable (correlation, causation, deadline, origin).
//
// An event is immutable once published. Its ID is derived, never drawn: the same cause gives the same ID, so that a
// repeat is recognised wherever it arrives. It begins with the day of its story (see [Day]), which whoever begins the story
// takes from what the story is about: the trade date, the time of a job, of a report.
package event

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	fast "github.com/segmentio/encoding/json"
)

// Type names what happened, in the past tense, and the version of the data that tells it: {"trade.authorized", 1}.
// Producers only add fields to a version; a new meaning is a new name.
type Type struct {
	Name    string
	Version int
}

// String returns the name and version as documents and sample files show them: "trade.authorized.v1".
func (t Type) String() string { return fmt.Sprintf("%s.v%d", t.Name, t.Version) }

// Event is one message. ID, Type, Origin and Correlation are always set on a valid event.
type Event struct {
	ID          string          // derived, see NewID; unique per effect
	Type        Type            // what happened
	Origin      string          // where the request came in: the last word of the routing key
	Source      string          // service and replica that published it
	Correlation string          // the business object that all messages of one story share
	Causation   string          // ID of the event that led to this one; empty at the entry
	Traceparent string          // W3C trace context, the same trace for the whole story
	Time        time.Time       // when it was published, UTC
	Started     time.Time       // when the handler that published it began; zero at the entry
	Deadline    time.Time       // after it, whoever takes the next step refuses; zero means none
	Proof       string          // of a command: who lets it be, signed; see package amqp. Empty for other events
	Publisher   string          // the broker's user who published it, on the broker's word; set when it is received
	Data        json.RawMessage // one JSON object; the reader declares the fields that it uses
}

// New begins a story: an event without a cause. The caller sets Deadline and Time where it has them.
func New(t Type, id, origin, correlation string, data any) (Event, error) {
	e := Event{ID: id, Type: t, Origin: origin, Correlation: correlation, Traceparent: newTraceparent(correlation, id)}
	return e.withData(data)
}

// Next returns the event of type t that e led to. Its ID is derived from e and t and has e's day, so handling e again gives
// the same event again; a handler that emits several events of one type tells them apart by part.
func (e Event) Next(t Type, data any, part ...string) (Event, error) {
	n := Event{
		ID:          ChildID(e.ID, append([]string{t.Name}, part...)...),
		Type:        t,
		Origin:      e.Origin,
		Correlation: e.Correlation,
		Causation:   e.ID,
		Deadline:    e.Deadline,
	}
	n.Traceparent = childTraceparent(e.Traceparent, n.ID)
	return n.withData(data)
}

// Key is the routing key: the type's name and the origin.
func (e Event) Key() string { return e.Type.Name + "." + e.Origin }

// Expired tells whether the deadline has passed at now.
func (e Event) Expired(now time.Time) bool { return !e.Deadline.IsZero() && now.After(e.Deadline) }

// Read decodes the data into the reader's own view of it. Unknown fields are ignored.
func (e Event) Read(view any) error {
	if err := fast.Unmarshal(e.Data, view); err != nil {
		return fmt.Errorf("read %s %s: %w", e.Type, e.ID, err)
	}
	return nil
}

// Validate reports what a well-formed event lacks.
func (e Event) Validate() error {
	switch {
	case e.ID == "":
		return errors.New("event without id")
	case e.Type.Name == "" || e.Type.Version < 1:
		return errors.New("event without type or version")
	case e.Origin == "":
		return errors.New("event without origin")
	case e.Correlation == "":
		return errors.New("event without correlation")
	case len(e.Data) == 0 || e.Data[0] != '{':
		return errors.New("event data is not a JSON object")
	}
	return nil
}

func (e Event) withData(data any) (Event, error) {
	if raw, ok := data.(json.RawMessage); ok {
		e.Data = raw
		return e, nil
	}
	raw, err := Encode(data)
	if err != nil {
		return Event{}, fmt.Errorf("encode data of %s: %w", e.Type, err)
	}
	e.Data = raw
	return e, nil
}

// Encode returns a part of an event's data as JSON, for parts that are kept apart from their event. It is how events encode their data.
func Encode(part any) (json.RawMessage, error) { return fast.Marshal(part) }
