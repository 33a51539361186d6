package testkit

import (
	"slices"
	"sync"
	"testing"
)

// Diary keeps what happened, in order. It is safe for use by many goroutines.
type Diary struct {
	mu    sync.Mutex
	notes []string
}

// Note adds a note.
func (d *Diary) Note(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.notes = append(d.notes, text)
}

// Notes returns all notes.
func (d *Diary) Notes() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.notes)
}

// Expect fails the test unless these are all notes.
func (d *Diary) Expect(t testing.TB, want ...string) {
	t.Helper()
	if got := d.Notes(); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
