package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// kind says how a failure ended.
type kind int

const (
	unsteady   kind = iota // it passed when it was repeated
	twice                  // it failed again
	raced                  // in a data race; it is not repeated, because one race proves a fault
	unbuilt                // a package did not build
	unrepeated             // too many tests failed, or gotest was interrupted
)

// finding is one line of the list at the end.
type finding struct {
	kind kind
	unit unit
}

func (f finding) fails() bool { return f.kind != unsteady }

func (f finding) String() string {
	switch f.kind {
	case unsteady:
		return fmt.Sprintf("unsteady: %s failed once and passed alone", f.unit)
	case twice:
		return fmt.Sprintf("failed twice: %s", f.unit)
	case raced:
		return fmt.Sprintf("data race: %s", f.unit)
	case unbuilt:
		return fmt.Sprintf("did not build: %s", f.unit)
	case unrepeated:
	}
	return fmt.Sprintf("failed, not repeated: %s", f.unit)
}

// all returns a finding of the kind for each unit.
func all(k kind, units []unit) []finding {
	var found []finding
	for _, u := range units {
		found = append(found, finding{k, u})
	}
	return found
}

// removeNote removes the note of an earlier run. An empty name means that there is no note.
func removeNote(name string) error {
	if err := os.Remove(name); name != "" && err != nil && !errors.Is(err, fs.ErrNotExist) { //nolint:gosec // the caller's own file
		return fmt.Errorf("remove the earlier note: %w", err)
	}
	return nil
}

// writeNote writes the findings to a file. Without findings it writes no file.
func writeNote(name string, found []finding) error {
	if name == "" || len(found) == 0 {
		return nil
	}
	text := ""
	for _, f := range found {
		text += f.String() + "\n"
	}
	err := os.MkdirAll(filepath.Dir(name), 0o750) //nolint:gosec // the same
	if err == nil {
		err = os.WriteFile(name, []byte(text), 0o600) //nolint:gosec // the same
	}
	if err != nil {
		return fmt.Errorf("write note: %w", err)
	}
	return nil
}
