package inbox

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	deleteOld = `delete from inbox where id = any(array(select id from inbox where at < now() - $1::interval limit $2))`

	purgeEvery = time.Minute
	purgeChunk = 5_000 // rows at a time, so that no lock is long and no replica is late
)

// Purge deletes rows older than age, in bounded chunks, until ctx ends. age must exceed the longest time after which a
// message can still be redelivered: days, not minutes.
func Purge(ctx context.Context, pool *pgxpool.Pool, age time.Duration, log *slog.Logger) error {
	tick := time.NewTicker(purgeEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if rows, err := purgeOld(ctx, pool, age); err != nil {
				log.Warn("old inbox rows stay for now", "error", err)
			} else if rows > 0 {
				log.Debug("old inbox rows deleted", "rows", rows)
			}
		}
	}
}

// purgeOld deletes chunk after chunk until one is not full.
func purgeOld(ctx context.Context, pool *pgxpool.Pool, age time.Duration) (rows int64, err error) {
	for {
		tag, err := pool.Exec(ctx, deleteOld, age, purgeChunk)
		rows += tag.RowsAffected()
		if err != nil || tag.RowsAffected() < purgeChunk {
			return rows, err
		}
	}
}
