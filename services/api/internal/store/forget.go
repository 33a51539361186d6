package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"fxcore/lambda/log"
)

// How long what is not for ever is kept, and how often the rest is forgotten.
const (
	keepKeys     = 72 * time.Hour // and tokens after they expired
	keepRefusals = time.Hour      // of tokens: their callers wait for seconds
	keepRuns     = 90 * 24 * time.Hour
	forgetMost   = 10_000 // rows in one statement: a longer one would hold back the stream, and be cancelled
	forgetEach   = time.Hour
	forgetBound  = time.Minute // for one kind
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
		f.Model.forget(ctx, "token", "noted_at < now() - $1::interval and coalesce(expires_at, noted_at) < now() - $1::interval", keepKeys),
		f.Model.forget(ctx, "token", "noted_at < now() - $1::interval and issued_at is null and not revoked", keepRefusals),
		f.Model.forget(ctx, "request", "asked_at < now() - $1::interval", keepKeys),
		f.Model.forget(ctx, "job_run", "moved_at < now() - $1::interval", keepRuns),
		f.Model.forget(ctx, "original", "received_at < now() - $1::interval", f.Originals),
		f.Model.forget(ctx, "refused_message", "received_at < now() - $1::interval", f.Originals),
	)
}

// forget deletes the rows of a table that are older than age, in parts. What is left after forgetBound waits for the next time.
func (m Model) forget(ctx context.Context, table, old string, age time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, forgetBound)
	defer cancel()
	part := fmt.Sprintf("delete from %[1]s where ctid = any (array(select ctid from %[1]s where %[2]s limit $2))", table, old)
	for {
		tag, err := m.Pool.Exec(ctx, part, age.String(), forgetMost)
		if err != nil {
			return fmt.Errorf("forget old rows of table %s: %w", table, err)
		}
		if tag.RowsAffected() < forgetMost {
			return nil
		}
	}
}
