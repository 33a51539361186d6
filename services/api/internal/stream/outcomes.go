package stream

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

// Decider finds out of which trades, line checks or requests for tokens the outcome is known.
type Decider interface {
	// Decided returns those of the trades of which the outcome is known.
	Decided(ctx context.Context, trades []string) ([]string, error)
}

// Outcomes tells callers when the outcome of what they asked for is known. One query serves all who wait. It does not go by positions, which
// any transaction in the database server can hold back. It is safe for concurrent use.
type Outcomes struct {
	decider Decider
	log     *slog.Logger

	mu     sync.Mutex
	waits  map[string]map[chan struct{}]bool // by trade
	wanted chan struct{}                     // has a value after somebody began to wait
}

// NewOutcomes returns outcomes that Run looks for.
func NewOutcomes(d Decider, logger *slog.Logger) *Outcomes {
	return &Outcomes{decider: d, log: logger, waits: map[string]map[chan struct{}]bool{}, wanted: make(chan struct{}, 1)}
}

// Follow returns a channel that is closed once the outcome is known. stop must be called.
func (o *Outcomes) Follow(trade string) (decided <-chan struct{}, stop func()) {
	c := make(chan struct{})
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.waits[trade] == nil {
		o.waits[trade] = map[chan struct{}]bool{}
	}
	o.waits[trade][c] = true
	select {
	case o.wanted <- struct{}{}:
	default:
	}
	return c, func() { o.leave(trade, c) }
}

func (o *Outcomes) leave(trade string, c chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.waits[trade], c)
	if len(o.waits[trade]) == 0 {
		delete(o.waits, trade)
	}
}

// Run looks for outcomes while somebody waits, until ctx ends. It returns nil.
func (o *Outcomes) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-o.wanted:
		}
		for o.look(ctx) {
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(Glance):
			}
		}
	}
}

// look tells those whose trade is decided. It returns whether anybody still waits.
func (o *Outcomes) look(ctx context.Context) (waiting bool) {
	o.mu.Lock()
	trades := slices.Collect(maps.Keys(o.waits))
	o.mu.Unlock()
	if len(trades) == 0 {
		return false
	}
	decided, err := o.decided(ctx, trades)
	if err != nil {
		o.log.WarnContext(ctx, "outcomes cannot be read", log.Error(err))
		rest(ctx)
		return true
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, trade := range decided {
		for c := range o.waits[trade] {
			close(c)
		}
		delete(o.waits, trade)
	}
	return len(o.waits) > 0
}

func (o *Outcomes) decided(ctx context.Context, trades []string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return o.decider.Decided(ctx, trades)
}
