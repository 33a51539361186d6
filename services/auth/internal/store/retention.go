package store

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/postgres/daily"
)

// Retention forgets requests some time after their trade date: a repeat has the trade date of the day on which it is sent.
// A request that came later than on its trade date is kept for that time from when it came. Every replica may run it.
type Retention struct {
	Pool *pgxpool.Pool
	Keep time.Duration
	Log  *slog.Logger
}

// Run drops the days that are too old, and makes the partitions of the days to come, until ctx ends.
func (r Retention) Run(ctx context.Context) error { return requests(r.Keep).Run(ctx, r.Pool, r.Log) }

func requests(keep time.Duration) daily.Table { return daily.Table{Name: "request", Keep: keep} }
