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

	last result
}

// Run returns nil when ctx ends.
func (r *Recording) Run(ctx context.Context) error {
	return every(ctx, recordEvery, recordBound, func(ctx context.Context) {
		err := r.History.Record(ctx)
		if r.last.note(err) {
			r.Log.Error("the rates of this minute are not recorded: reports of it will not be judged", "error", err)
		}
	})
}

// Fresh is a health check: it fails while rates cannot be recorded.
func (r *Recording) Fresh(context.Context) error { return r.last.fault() }

// Reviewing reviews open trades by each new version of the calendars until its context ends. Every replica may run it.
type Reviewing struct {
	Review store.Review
	Clock  func() time.Time // the bank's
	Log    *slog.Logger

	last result
}

// Run returns nil when ctx ends.
func (r *Reviewing) Run(ctx context.Context) error {
	return every(ctx, reviewEvery, reviewBound, func(ctx context.Context) {
		found, err := r.Review.Once(ctx, r.Clock())
		if r.last.note(err) {
			r.Log.Error("open trades are not all reviewed by the new calendars", "error", err)
		}
		if found > 0 {
			r.Log.Error(affectedHint, "legs", found)
		}
	})
}

// Fresh is a health check: it fails while open trades cannot be reviewed.
func (r *Reviewing) Fresh(context.Context) error { return r.last.fault() }

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
