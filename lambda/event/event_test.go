package event_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fxcore/lambda/event"
)

var happened = event.Type{Name: "thing.happened", Version: 1}

func TestNewIDIsDerivedAndFramed(t *testing.T) {
	const want = "5129ce16-ac9c-8b36-823f-39a395ce8e0e" // computed once: an id must never change
	if got := event.NewID(20_777, "a", "bc"); got != want {
		t.Errorf("the id of a, bc is %s, want %s", got, want)
	}
	if event.NewID(20_777, "a", "bc") == event.NewID(20_777, "ab", "c") {
		t.Error("parts run into each other")
	}
	id := event.NewID(20_777, "x")
	if len(id) != 36 || id[14] != '8' || !strings.ContainsRune("89ab", rune(id[19])) {
		t.Errorf("%s is not a UUID of version 8 (RFC 9562)", id)
	}
}

func TestNextIsTheSameForTheSameCause(t *testing.T) {
	cause := mustNew(t, "cause", map[string]string{"a": "b"})
	cause.Deadline = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	first, second := next(t, cause), next(t, cause)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("handled twice, two events: %s", diff)
	}
	if first.Causation != cause.ID || first.Correlation != cause.Correlation || first.Deadline != cause.Deadline {
		t.Errorf("story lost: %+v", first)
	}
	if first.Traceparent[3:35] != cause.Traceparent[3:35] {
		t.Errorf("trace changed from %s to %s", cause.Traceparent, first.Traceparent)
	}
	if other := next(t, cause, "2"); other.ID == first.ID {
		t.Error("two parts share an id")
	}
}

func TestDecodeReturnsWhatWasAppended(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOfN(rapid.Custom(anyEvent), 1, 5).Draw(t, "events")
		got, err := event.Decode(event.MediaTypeBatch, event.AppendBatch(nil, events))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(events, got); diff != "" {
			t.Fatal(diff)
		}
		one, err := event.Decode(event.MediaType, event.Append(nil, events[0]))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(events[:1], one); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestDecodeRefuses(t *testing.T) {
	tests := map[string]struct{ mediaType, body, want string }{
		"unknown media type": {"text/plain", "{}", "unknown media type"},
		"no JSON":            {event.MediaType, "{", "decode event"},
		"batch that is none": {event.MediaTypeBatch, "{}", "decode event batch"},
		"no id":              {event.MediaType, `{"type":"a","dataversion":"1","origin":"o","correlationid":"c","data":{}}`, "without id"},
		"no version":         {event.MediaType, `{"id":"1","type":"a","origin":"o","correlationid":"c","data":{}}`, "dataversion"},
		"version zero":       {event.MediaType, `{"id":"1","type":"a","dataversion":"0","origin":"o","correlationid":"c","data":{}}`, "version"},
		"no origin":          {event.MediaType, `{"id":"1","type":"a","dataversion":"1","correlationid":"c","data":{}}`, "without origin"},
		"no correlation":     {event.MediaType, `{"id":"1","type":"a","dataversion":"1","origin":"o","data":{}}`, "without correlation"},
		"data is a list":     {event.MediaType, `{"id":"1","type":"a","dataversion":"1","origin":"o","correlationid":"c","data":[]}`, "not a JSON object"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := event.Decode(tt.mediaType, []byte(tt.body))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error that says %q", err, tt.want)
			}
		})
	}
}

func TestExpired(t *testing.T) {
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	e := event.Event{Deadline: at}
	if e.Expired(at) || !e.Expired(at.Add(time.Nanosecond)) {
		t.Error("the deadline itself is still in time, anything after it is not")
	}
	if (event.Event{}).Expired(at) {
		t.Error("an event without a deadline expired")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(event.MediaType, []byte(`{"id":"1","type":"a","dataversion":"1","origin":"o","correlationid":"c","data":{}}`))
	f.Add(event.MediaTypeBatch, []byte(`[]`))
	f.Fuzz(func(t *testing.T, mediaType string, body []byte) {
		events, err := event.Decode(mediaType, body)
		for _, e := range events {
			if invalid := e.Validate(); err == nil && invalid != nil {
				t.Errorf("decoded an invalid event: %v", invalid)
			}
		}
	})
}

func BenchmarkAppendBatch(b *testing.B) {
	events := make([]event.Event, 50)
	for i := range events {
		events[i] = mustNew(b, event.NewID(20_777, "e"), map[string]string{"text": strings.Repeat("x", 1_000)})
	}
	body := event.AppendBatch(nil, events)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		body = event.AppendBatch(body[:0], events)
	}
}

func BenchmarkDecodeBatch(b *testing.B) {
	events := make([]event.Event, 50)
	for i := range events {
		events[i] = mustNew(b, event.NewID(20_777, "e"), map[string]string{"text": strings.Repeat("x", 1_000)})
	}
	body := event.AppendBatch(nil, events)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if _, err := event.Decode(event.MediaTypeBatch, body); err != nil {
			b.Fatal(err)
		}
	}
}

func anyEvent(t *rapid.T) event.Event {
	text := rapid.StringN(1, 20, 40)
	at := rapid.Custom(func(t *rapid.T) time.Time {
		return time.UnixMicro(rapid.Int64Range(1, 4e15).Draw(t, "microseconds")).UTC()
	})
	data, _ := json.Marshal(rapid.MapOfN(text, text, 0, 4).Draw(t, "data")) // a map of strings always encodes
	return event.Event{
		ID: text.Draw(t, "id"), Type: event.Type{Name: text.Draw(t, "type"), Version: rapid.IntRange(1, 99).Draw(t, "version")},
		Origin: text.Draw(t, "origin"), Source: text.Draw(t, "source"), Correlation: text.Draw(t, "correlation"),
		Causation: text.Draw(t, "causation"), Traceparent: text.Draw(t, "traceparent"),
		Time: at.Draw(t, "time"), Started: at.Draw(t, "started"), Deadline: at.Draw(t, "deadline"), Data: data,
	}
}

func mustNew(t testing.TB, id string, data any) event.Event {
	t.Helper()
	e, err := event.New(happened, id, "origin", "story", data)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func next(t *testing.T, cause event.Event, part ...string) event.Event {
	t.Helper()
	e, err := cause.Next(event.Type{Name: "thing.followed", Version: 2}, map[string]int{"n": 1}, part...)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
