package store

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/postgres"
)

// Bounds of the retention.
const (
	purgeEvery = time.Hour
	purgeBound = 30 * time.Second
	forgotten  = 24 * time.Hour // an instance that has not reported for so long and is nobody's home is gone for good
)

// Purge calls PurgeOnce once an hour until ctx ends. It logs errors and returns nil.
func Purge(ctx context.Context, pool *pgxpool.Pool, age time.Duration, log *slog.Logger) error {
	tick := time.NewTicker(purgeEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := PurgeOnce(ctx, pool, age); err != nil && ctx.Err() == nil {
				log.Warn("old history stays for now", "error", err)
			}
		}
	}
}

// PurgeOnce deletes the history and the moves that are older than age, and the instances that are gone for good.
func PurgeOnce(ctx context.Context, pool *pgxpool.Pool, age time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, purgeBound)
	defer cancel()
	if err := postgres.ForgetFacts(ctx, pool, "history", age); err != nil {
		return err
	}
	var b pgx.Batch
	b.Queue(statement("purge_moves"), age)
	b.Queue(statement("purge_instances"), forgotten)
	if err := pool.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("purge history: %w", err)
	}
	return nil
}
