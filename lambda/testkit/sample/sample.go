// Package sample compares samples of messages with what is really published. Readers of messages are tested against the samples.
package sample

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
)

// UpdateVariable is an environment variable: if it is set, Is writes the samples anew.
const UpdateVariable = "UPDATE_SAMPLES"

// Is fails the test unless an event has the wanted type and the same data as that type's sample in folder.
func Is(t *testing.T, folder string, want event.Type, e event.Event) {
	t.Helper()
	if e.Type != want {
		t.Fatalf("published %s, want %s: %s", e.Type, want, e.Data)
	}
	var published bytes.Buffer
	if err := json.Indent(&published, e.Data, "", "  "); err != nil {
		t.Fatal(err)
	}
	published.WriteByte('\n')
	path := filepath.Join(folder, want.String()+".json")
	if os.Getenv(UpdateVariable) != "" {
		if err := os.WriteFile(path, published.Bytes(), 0o644); err != nil { //nolint:gosec // a source file
			t.Fatal(err)
		}
	}
	stored, err := os.ReadFile(path) //nolint:gosec // a source file
	if err != nil {
		t.Fatalf("%v (%s=1 writes it)", err, UpdateVariable)
	}
	if diff := cmp.Diff(string(stored), published.String()); diff != "" {
		t.Errorf("%s is not what is published (%s=1 writes it):\n%s", path, UpdateVariable, diff)
	}
}
