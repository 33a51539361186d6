package store

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"fxcore/lambda/log"
	"fxcore/lambda/postgres"
)

// How long what is not for ever is kept, and how often the rest is forgotten.
const (
	keepKeys   = 72 * time.Hour
	keepRuns   = 90 * 24 * time.Hour
	forgetEach = time.Hour
)

// Forgetting forgets what is old for as long as the program runs.
type Forgetting struct {
	Model     Model
	Originals time.Duration // how long providers' messages are kept
	Log       *slog.Logger
}

// Run returns nil when ctx ends.
func (f Forgetting) Run(ctx context.Context) error {
	tick := time.NewTicker(forgetEach)
	defer tick.Stop()
	for {
		if err := f.Forget(ctx); err != nil && ctx.Err() == nil {
			f.Log.WarnContext(ctx, "what is old is not forgotten", log.Error(err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Forget forgets each kind once. A kind that cannot be forgotten leaves the others alone.
func (f Forgetting) Forget(ctx context.Context) error {
	return errors.Join(
		postgres.Forget(ctx, f.Model.Pool, "request", "asked_at < now() - $1::interval", keepKeys),
		postgres.Forget(ctx, f.Model.Pool, "job_run", "moved_at < now() - $1::interval", keepRuns),
		postgres.Forget(ctx, f.Model.Pool, "original", "received_at < now() - $1::interval", f.Originals),
		postgres.Forget(ctx, f.Model.Pool, "refused_message", "received_at < now() - $1::interval", f.Originals),
	)
}
