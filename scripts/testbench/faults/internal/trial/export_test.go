package trial

import (
	"testing"

	"fxcore/scripts/internal/stack"
)

// URL returns the URL of a server of the core in a folder.
func URL(t *testing.T, folder, server string) string {
	t.Helper()
	r, err := (&stack.Stack{Folder: folder}).Record()
	if err != nil {
		t.Fatal(err)
	}
	return r.URLs[server]
}
