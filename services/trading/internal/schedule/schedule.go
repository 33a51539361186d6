// Package schedule does what trading does by the clock: it records the market's rates, and reviews open trades by new calendars.
package schedule

import (
	"context"
	"log/slog"
	"time"

	"fxcore/services/trading/internal/store"
)

const (
	recordEvery  = 20 * time.Second // shorter than the minute of which one set of rates is kept, so that none is missed
	reviewEvery  = 30 * time.Second // between two looks at the version of the calendars
	recordBound  = 20 * time.Second
	reviewBound  = time.Minute
	affectedHint = "value dates of open trades are no longer good: a person must decide, see table affected_trade"
)

// Recording records the market's rates until its context ends. Every replica may run it.
type Recording struct {
	History store.History
	Log     *slog.Logger
}

// Run returns nil when ctx ends.
func (r Recording) Run(ctx context.Context) error {
	return every(ctx, recordEvery, recordBound, func(ctx context.Context) {
		if err := r.History.Record(ctx); err != nil && ctx.Err() == nil {
			r.Log.Warn("the rates of this minute are not recorded, trying again", "error", err)
		}
	})
}

// Reviewing reviews open trades by each new version of the calendars until its context ends. Every replica may run it.
type Reviewing struct {
	Review store.Review
	Log    *slog.Logger
}

// Run returns nil when ctx ends.
func (r Reviewing) Run(ctx context.Context) error {
	return every(ctx, reviewEvery, reviewBound, func(ctx context.Context) {
		found, err := r.Review.Once(ctx, time.Now())
		switch {
		case err != nil && ctx.Err() == nil:
			r.Log.Warn("open trades are not reviewed by the new calendars, trying again", "error", err)
		case found > 0:
			r.Log.Error(affectedHint, "legs", found)
		}
	})
}

// every calls do at once and then at an interval, until ctx ends. bound limits each call.
func every(ctx context.Context, interval, bound time.Duration, do func(ctx context.Context)) error {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		within, cancel := context.WithTimeout(ctx, bound)
		do(within)
		cancel()
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
