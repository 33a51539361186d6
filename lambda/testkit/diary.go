package testkit

import (
	"slices"
	"sync"
	"testing"
)

// Diary keeps what happened, in order. It is safe for use by many goroutines.
type Diary struct {
	mu    sync.Mutex
	lines []string
}

// Note adds a line.
func (d *Diary) Note(line string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, line)
}

// Lines returns all lines.
func (d *Diary) Lines() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.lines)
}

// Expect fails the test unless these are all lines.
func (d *Diary) Expect(t testing.TB, want ...string) {
	t.Helper()
	if got := d.Lines(); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
