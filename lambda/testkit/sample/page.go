package sample

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// IsOnPage fails the test unless the text between two marks of a page is the wanted one. With UpdateVariable it writes the text.
func IsOnPage(t testing.TB, page, begin, end, want string) {
	t.Helper()
	text, err := os.ReadFile(page) //nolint:gosec // a source file
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(text), begin)
	got, after, ends := strings.Cut(rest, end)
	if !begins || !ends {
		t.Fatalf("%s has no marks %q and %q", page, begin, end)
	}
	if os.Getenv(UpdateVariable) != "" {
		if err := os.WriteFile(page, []byte(before+begin+want+end+after), 0o644); err != nil { //nolint:gosec // a source file
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s differs (%s=1 writes it):\n%s", page, UpdateVariable, diff)
	}
}
