package authorize_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
)

var update = flag.Bool("update", false, "write the samples")

// The samples that readers are tested against are what is really published.
func TestSamplesAreWhatIsPublished(t *testing.T) {
	for _, noun := range []string{"trade", "linecheck"} {
		t.Run(noun, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", noun+".requested.v1.json"))
			if err != nil {
				t.Fatal(err)
			}
			blocked := bytes.ReplaceAll(data, []byte("C000001"), []byte("C000902"))
			compare(t, noun+".authorized", publishedFor(t, noun, data))
			compare(t, noun+".repeated", publishedFor(t, noun, data, data))
			compare(t, noun+".rejected", publishedFor(t, noun, blocked))
		})
	}
}

// publishedFor is the answer to the last of some messages with these data.
func publishedFor(t *testing.T, noun string, messages ...[]byte) event.Event {
	t.Helper()
	var events []event.Event
	for i, data := range messages {
		id := event.NewID(noun, string(rune('1'+i)))
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

func compare(t *testing.T, name string, e event.Event) {
	t.Helper()
	if e.Type.Name != name {
		t.Fatalf("published %s, want %s", e.Type, name)
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, e.Data, "", "  "); err != nil {
		t.Fatal(err)
	}
	pretty.WriteByte('\n')
	path := filepath.Join("..", "messages", "samples", e.Type.String()+".json")
	if *update {
		if err := os.WriteFile(path, pretty.Bytes(), 0o644); err != nil { //nolint:gosec // a source file
			t.Fatal(err)
		}
		return
	}
	stored, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(stored), pretty.String()); diff != "" {
		t.Errorf("%s is not what is published (go test -update writes it):\n%s", path, diff)
	}
}
