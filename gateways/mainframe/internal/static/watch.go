package static

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
)

// watch knows what is wrong with each set, as this replica delivered it last. It is safe for concurrent use.
type watch struct {
	log *slog.Logger

	mu    sync.Mutex
	known map[string]condition // by set; none for a set that is well
}

// condition is what is wrong with one version of a set.
type condition struct {
	version int64
	bad     int // rows
	fault   error
}

// bad notes what is wrong with a set, and logs it unless it is what was wrong before.
func (w *watch) bad(set string, c condition) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before, was := w.known[set]
	w.known[set] = c
	if !was || before.fault.Error() != c.fault.Error() {
		w.log.Error("data set of the mainframe is damaged", "set", set, "version", c.version, "error", c.fault)
	}
}

// well notes that a set was delivered whole. If it was only confirmed as unchanged, it stays as this replica knows its version.
func (w *watch) well(set string, version int64, confirmed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before, was := w.known[set]
	if !was || confirmed && before.version == version {
		return
	}
	delete(w.known, set)
	w.log.Info("data set of the mainframe is whole again", "set", set, "version", version)
}

// whole is a health check: it names the sets that are damaged.
func (w *watch) whole(context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var faults []error
	for _, set := range slices.Sorted(maps.Keys(w.known)) {
		faults = append(faults, w.known[set].fault)
	}
	return errors.Join(faults...)
}

// leftOut counts the bad rows of all sets.
func (w *watch) leftOut() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, c := range w.known {
		n += c.bad
	}
	return int64(n)
}
