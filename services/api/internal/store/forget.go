package store

import (
	"context"
	"errors"
	"time"

	"fxcore/lambda/postgres"
)

// How long what is not for ever is kept.
const (
	keepKeys = 72 * time.Hour
	keepRuns = 90 * 24 * time.Hour
)

// Forgetting forgets what is old.
type Forgetting struct {
	Model     Model
	Originals time.Duration // how long providers' messages are kept
}

// Forget forgets each kind once. A kind that cannot be forgotten leaves the others alone.
func (f Forgetting) Forget(ctx context.Context) error {
	return errors.Join(
		postgres.Forget(ctx, f.Model.Pool, "request", "asked_at < now() - $1::interval", keepKeys),
		postgres.Forget(ctx, f.Model.Pool, "job_run", "moved_at < now() - $1::interval", keepRuns),
		postgres.ForgetFacts(ctx, f.Model.Pool, "original", f.Originals),
		postgres.ForgetFacts(ctx, f.Model.Pool, "refused_message", f.Originals),
	)
}
