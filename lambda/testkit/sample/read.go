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

// Of returns another package's sample of a type. The package is named by its folder in the module, above its samples:
// services/auth/internal/messages.
func Of(t testing.TB, pkg string, typ event.Type) json.RawMessage {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root(t), pkg, "samples", typ.String()+".json")) //nolint:gosec // a source file
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// root returns the module's folder. A test runs in the folder of its package.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; filepath.Dir(dir) != dir; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
	}
	t.Fatal("no go.mod above the test")
	return ""
}

// HasFieldsOf fails the test unless a sample has all fields of T as JSON, and no other.
func HasFieldsOf[T any](t testing.TB, sample []byte) {
	t.Helper()
	var data T
	strict := json.NewDecoder(bytes.NewReader(sample))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&data); err != nil {
		t.Fatalf("%T: %v", data, err)
	}
	again, err := json.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(generic(t, sample), generic(t, again)); diff != "" {
		t.Errorf("%T: %s", data, diff)
	}
}

func generic(t testing.TB, text []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}
