package inbox

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/postgres/daily"
)

// Purge forgets handled messages after their retention, a day at a time, and makes the inbox's partitions for the days to come,
// until ctx ends. A message that is delivered again after that is handled as if it were new. So the retention must exceed the
// longest time after which a message can still be redelivered: days, not minutes.
func Purge(ctx context.Context, pool *pgxpool.Pool, cfg Config, log *slog.Logger) error {
	t := table(cfg.Retention)
	t.Around = cfg.Clock
	return t.Run(ctx, pool, log)
}

func table(age time.Duration) daily.Table { return daily.Table{Name: "inbox", Keep: age} }
