package outcome

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"fxcore/lambda/log"
)

// Glance is the time between two looks for outcomes while somebody waits.
const Glance = 20 * time.Millisecond

// patience bounds one look, and pause is what follows one that failed: what is away is not asked for again at once.
const (
	patience = 5 * time.Second
	pause    = time.Second
)

// Decider finds out of which requests the outcome is known.
type Decider interface {
	// Decided returns those of the requests of which the outcome is known.
	Decided(ctx context.Context, ids []string) ([]string, error)
}

// Watch tells callers when the outcome of what they asked for is known. One query serves all who wait. It does not go by positions, which
// any transaction in the database server can hold back. It is safe for concurrent use.
type Watch struct {
	decider Decider
	log     *slog.Logger

	mu     sync.Mutex
	waits  map[string]map[chan struct{}]bool // by request
	wanted chan struct{}                     // has a value after somebody began to wait
}

// New returns a watch for outcomes that Run looks for.
func New(d Decider, logger *slog.Logger) *Watch {
	return &Watch{decider: d, log: logger, waits: map[string]map[chan struct{}]bool{}, wanted: make(chan struct{}, 1)}
}

// Follow returns a channel that is closed once the outcome is known. stop must be called.
func (w *Watch) Follow(id string) (decided <-chan struct{}, stop func()) {
	c := make(chan struct{})
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.waits[id] == nil {
		w.waits[id] = map[chan struct{}]bool{}
	}
	w.waits[id][c] = true
	select {
	case w.wanted <- struct{}{}:
	default:
	}
	return c, func() { w.leave(id, c) }
}

func (w *Watch) leave(id string, c chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.waits[id], c)
	if len(w.waits[id]) == 0 {
		delete(w.waits, id)
	}
}

// Run looks for outcomes while somebody waits, until ctx ends. It returns nil.
func (w *Watch) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-w.wanted:
		}
		for w.look(ctx) {
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(Glance):
			}
		}
	}
}

// look tells those whose request is decided. It returns whether anybody still waits.
func (w *Watch) look(ctx context.Context) (waiting bool) {
	w.mu.Lock()
	ids := slices.Collect(maps.Keys(w.waits))
	w.mu.Unlock()
	if len(ids) == 0 {
		return false
	}
	decided, err := w.decided(ctx, ids)
	if err != nil {
		w.log.WarnContext(ctx, "outcomes cannot be read", log.Error(err))
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		return true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, id := range decided {
		for c := range w.waits[id] {
			close(c)
		}
		delete(w.waits, id)
	}
	return len(w.waits) > 0
}

func (w *Watch) decided(ctx context.Context, ids []string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return w.decider.Decided(ctx, ids)
}
