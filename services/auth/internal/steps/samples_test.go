package steps_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
)

// Readers are tested against the samples, so these must be what the service really publishes.
func TestSamplesAreWhatIsPublished(t *testing.T) {
	for _, noun := range []string{"trade", "linecheck"} {
		t.Run(noun, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", noun+".requested.v1.json"))
			if err != nil {
				t.Fatal(err)
			}
			blocked := bytes.ReplaceAll(data, []byte("C000001"), []byte("C000902"))
			sample.Is(t, "../messages/samples", event.Type{Name: noun + ".authorized", Version: 1}, publishedFor(t, noun, data))
			sample.Is(t, "../messages/samples", event.Type{Name: noun + ".repeated", Version: 1}, publishedFor(t, noun, data, data))
			sample.Is(t, "../messages/samples", event.Type{Name: noun + ".rejected", Version: 1}, publishedFor(t, noun, blocked))
		})
	}
}

// publishedFor delivers one message for each data and returns the answer to the last one.
func publishedFor(t *testing.T, noun string, messages ...[]byte) event.Event {
	t.Helper()
	var events []event.Event
	for i, data := range messages {
		id := event.NewID(testkit.Day, noun, string(rune('1'+i)))
		e, err := event.New(event.Type{Name: noun + ".requested", Version: 1}, id, "alpha", "sample", json.RawMessage(bytes.TrimSpace(data)))
		if err != nil {
			t.Fatal(err)
		}
		e.Deadline = time.Now().Add(time.Hour)
		events = append(events, e)
	}
	results := replica(t, schema(t), "1").Handle(t.Context(), events)
	last := results[len(results)-1]
	if last.Err != nil {
		t.Fatal(last.Err)
	}
	return last.Emit[0]
}
