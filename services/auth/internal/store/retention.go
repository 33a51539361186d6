package store

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	purgeEvery   = time.Hour
	purgeTimeout = 30 * time.Second
	purgeChunk   = 5_000 // rows per statement, so that locks are short and requests can proceed between two statements
)

// Retention deletes old requests. A repeat carries the trade date of the day on which it is sent, so a request whose
// trade date is older than Keep can have no repeat any more. Every replica may run Retention.
type Retention struct {
	Pool *pgxpool.Pool
	Keep time.Duration
	Log  *slog.Logger
}

// Run purges at once and then every hour until ctx ends. It logs a failed purge and tries again an hour later.
func (r Retention) Run(ctx context.Context) error {
	tick := time.NewTicker(purgeEvery)
	defer tick.Stop()
	for {
		switch purged, err := r.Purge(ctx, time.Now()); {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			r.Log.Warn("old requests not purged, trying again in an hour", "error", err)
		case purged > 0:
			r.Log.Info("old requests purged", "rows", purged)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Purge deletes the requests whose trade date is more than Keep before now, in chunks. It returns the number of deleted
// rows.
func (r Retention) Purge(ctx context.Context, now time.Time) (int64, error) {
	before := now.Add(-r.Keep).UTC().Format(time.DateOnly)
	for total := int64(0); ; {
		rows, err := r.purgeChunk(ctx, before)
		total += rows
		if err != nil || rows < purgeChunk {
			return total, err
		}
	}
}

func (r Retention) purgeChunk(ctx context.Context, before string) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, purgeTimeout)
	defer cancel()
	tag, err := r.Pool.Exec(ctx, purgeSQL, before, purgeChunk)
	if err != nil {
		return 0, fmt.Errorf("purge requests before %s: %w", before, err)
	}
	return tag.RowsAffected(), nil
}
