package event

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	fast "github.com/segmentio/encoding/json"
)

// The two media types of an AMQP message's body (CloudEvents JSON format 1.0, sections 3 and 4).
const (
	MediaType      = "application/cloudevents+json"
	MediaTypeBatch = "application/cloudevents-batch+json"
)

// wire is the JSON form. Attribute names are lower case letters only, as CloudEvents demands.
type wire struct {
	ID          string          `json:"id"`
	Type        string          `json:"type"`
	DataVersion string          `json:"dataversion"`
	Origin      string          `json:"origin"`
	Source      string          `json:"source"`
	Correlation string          `json:"correlationid"`
	Causation   string          `json:"causationid"`
	Traceparent string          `json:"traceparent"`
	Time        time.Time       `json:"time"`
	Started     time.Time       `json:"startedat"`
	Deadline    time.Time       `json:"deadline"`
	Proof       string          `json:"proof"`
	Data        json.RawMessage `json:"data"`
}

// Append appends the event's JSON form to b. Data is written as it is: it was encoded once, by its producer.
func Append(b []byte, e Event) []byte {
	b = append(b, `{"specversion":"1.0","datacontenttype":"application/json"`...)
	b = appendText(b, "id", e.ID)
	b = appendText(b, "type", e.Type.Name)
	b = appendText(b, "dataversion", strconv.Itoa(e.Type.Version))
	b = appendText(b, "origin", e.Origin)
	b = appendText(b, "source", e.Source)
	b = appendText(b, "correlationid", e.Correlation)
	b = appendText(b, "causationid", e.Causation)
	b = appendText(b, "traceparent", e.Traceparent)
	b = appendTime(b, "time", e.Time)
	b = appendTime(b, "startedat", e.Started)
	b = appendTime(b, "deadline", e.Deadline)
	b = appendText(b, "proof", e.Proof)
	b = append(b, `,"data":`...)
	b = append(b, e.Data...)
	return append(b, '}')
}

// AppendBatch appends the batched form of events to b: a JSON array.
func AppendBatch(b []byte, events []Event) []byte {
	b = append(b, '[')
	for i, e := range events {
		if i > 0 {
			b = append(b, ',')
		}
		b = Append(b, e)
	}
	return append(b, ']')
}

// Decode reads a body of either media type and validates each event. It fails as a whole: a body that is not what its
// media type says has no part that can be trusted.
//
// It reads nothing that is larger than MaxBody, nested deeper than MaxDepth, or a list of more than MaxEvents: a decoder that calls itself
// for each level dies of a body that is nothing but brackets, one of empty events takes seventy times the body's memory, and either takes its process along.
func Decode(mediaType string, body []byte) ([]Event, error) {
	if err := bounded(body); err != nil {
		return nil, fmt.Errorf("decode event: %w", err)
	}
	var wires []wire
	switch mediaType {
	case MediaTypeBatch:
		if err := parse(body, &wires); err != nil {
			return nil, fmt.Errorf("decode event batch: %w", err)
		}
	case MediaType:
		wires = make([]wire, 1)
		if err := parse(body, &wires[0]); err != nil {
			return nil, fmt.Errorf("decode event: %w", err)
		}
	default:
		return nil, fmt.Errorf("decode event: unknown media type %q", mediaType)
	}
	return fromWires(wires)
}

// parse reads a body without copying it: text and data of the events are parts of the body, which nobody changes.
func parse(body []byte, into any) error {
	rest, err := fast.Parse(body, into, fast.ZeroCopy)
	if err == nil && len(bytes.TrimSpace(rest)) > 0 {
		err = fmt.Errorf("%d bytes follow the value", len(rest))
	}
	return err
}

func fromWires(wires []wire) ([]Event, error) {
	events := make([]Event, len(wires))
	for i, w := range wires {
		version, err := strconv.Atoi(w.DataVersion)
		if err != nil {
			return nil, fmt.Errorf("decode event %q: dataversion %q is not a number", w.ID, w.DataVersion)
		}
		events[i] = Event{
			ID: w.ID, Type: Type{Name: w.Type, Version: version}, Origin: w.Origin, Source: w.Source,
			Correlation: w.Correlation, Causation: w.Causation, Traceparent: w.Traceparent,
			Time: w.Time, Started: w.Started, Deadline: w.Deadline, Proof: w.Proof, Data: w.Data,
		}
		if err := events[i].Validate(); err != nil {
			return nil, fmt.Errorf("decode event %q: %w", w.ID, err)
		}
	}
	return events, nil
}

func appendText(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	b = append(b, ',', '"')
	b = append(b, name...)
	b = append(b, '"', ':')
	return appendQuoted(b, value)
}

func appendTime(b []byte, name string, t time.Time) []byte {
	if t.IsZero() {
		return b
	}
	b = append(b, ',', '"')
	b = append(b, name...)
	b = append(b, '"', ':', '"')
	b = t.UTC().AppendFormat(b, "2006-01-02T15:04:05.000000Z")
	return append(b, '"')
}

// appendQuoted writes plain ASCII as it is, the common case, and leaves everything else to encoding/json.
func appendQuoted(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c > 0x7e || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(s) // a string always encodes
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}
