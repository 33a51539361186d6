package failed

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// The states of an entry. An entry that fails again after it was replayed or discarded is open again.
const (
	Open      = "open"
	Replaying = "replaying" // a person has asked for it, and the broker has not confirmed it yet
	Replayed  = "replayed"
	Discarded = "discarded"
)

// Entry is one message that failed in one queue. Times are real time.
type Entry struct {
	ID            string    `json:"id"`
	MessageID     string    `json:"message_id" doc:"Of the event; empty if the message has none"`
	Type          string    `json:"type" doc:"Of the event: trade.requested.v1; empty if the message cannot be read"`
	Queue         string    `json:"queue" doc:"In which it failed; empty if nobody says so: then it cannot be replayed"`
	RoutingKey    string    `json:"routing_key"`
	Reason        string    `json:"reason" doc:"The same for all messages that failed for the same cause: without numbers and ids"`
	Text          string    `json:"text" doc:"The whole reason, with secrets masked"`
	Group         string    `json:"group" doc:"Of the entries with the same queue, reason and type"`
	Attempts      int       `json:"attempts" doc:"Before the last failure"`
	Failures      int       `json:"failures" doc:"How often it came to the error queue"`
	FirstFailedAt time.Time `json:"first_failed_at"`
	FailedAt      time.Time `json:"failed_at"`
	Correlation   string    `json:"correlation,omitempty" doc:"The trade, the line check and so on that it is about"`
	TraceID       string    `json:"trace_id,omitempty"`
	Client        string    `json:"client,omitempty"`
	State         string    `json:"state" enum:"open,replaying,replayed,discarded"`
	Version       int       `json:"version"`
}

// Message is an entry with all that came with the message.
type Message struct {
	Entry

	Source      string // the replica that gave it up
	ContentType string
	Headers     map[string]any
	Body        []byte
	Fingerprint string // of this failure: a redelivery has the same
}

// Read returns the entry of a message of the error queue. Whatever the message is, there is an entry: nothing is lost.
func Read(r amqp.Raw, now time.Time) Message {
	f := amqp.FailureOf(r)
	if f.At.IsZero() {
		f.At = now
	}
	m := Message{
		Entry: Entry{
			ID: idOf(f.Queue, r), MessageID: clean(r.MessageID), Queue: clean(f.Queue), RoutingKey: clean(f.RoutingKey), Text: clean(MaskText(f.Reason)),
			Attempts: f.Attempts, Failures: 1, FirstFailedAt: f.At.UTC(), FailedAt: f.At.UTC(), State: Open, Version: 1,
		},
		Source: clean(f.Source), ContentType: clean(r.ContentType), Headers: r.Headers, Body: r.Body, Fingerprint: fingerprint(r),
	}
	m.describe()
	m.Reason = CauseOf(m.Text)
	m.Group = short(m.Queue, m.Reason, m.Type)
	return m
}

// describe reads what the message is about, if it is an event.
func (m *Message) describe() {
	events, err := event.Decode(m.ContentType, m.Body)
	if err != nil || len(events) == 0 {
		return
	}
	e := events[0]
	m.Type, m.Correlation, m.Client = clean(e.Type.String()), clean(e.Correlation), clean(clientOf(e))
	if parts := strings.Split(e.Traceparent, "-"); len(parts) == 4 {
		m.TraceID = clean(parts[1])
	}
	if len(events) > 1 {
		m.Type = fmt.Sprintf("%s and %d more", m.Type, len(events)-1)
	}
}

func clientOf(e event.Event) string {
	var about struct {
		Client  string `json:"client"`
		Request struct {
			Client string `json:"client"`
		} `json:"request"`
	}
	if e.Read(&about) != nil {
		return ""
	}
	return about.Client + about.Request.Client
}

// idOf returns the id of the entry: the same for each failure of the same content in the same queue.
func idOf(queue string, r amqp.Raw) string {
	return event.NewID(event.DayOfID(r.MessageID), "failed", queue, r.MessageID, string(r.Body))
}

// counts are the headers by which the broker counts deliveries: they differ from delivery to delivery.
var counts = []string{"x-delivery-count", "x-acquired-count"}

func fingerprint(r amqp.Raw) string {
	headers := maps.Clone(r.Headers)
	for _, name := range counts {
		delete(headers, name)
	}
	text, err := json.Marshal(headers) // sorted by name
	if err != nil {
		text = fmt.Append(nil, slices.Sorted(maps.Keys(headers)))
	}
	return short(r.MessageID, r.ContentType, r.RoutingKey, string(text), string(r.Body))
}

// short returns a digest of texts, in 32 digits.
func short(texts ...string) string {
	sum := sha256.Sum256([]byte(contract.Digest(texts...)))
	return hex.EncodeToString(sum[:16])
}

// clean removes the characters that Postgres cannot store.
func clean(text string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "�")
}
