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
	Pool  *pgxpool.Pool
	Keep  time.Duration
	Clock func() time.Time // the bank's, around which there are partitions
	Log   *slog.Logger
}

// Run drops the days that are too old, and makes the partitions of the days to come, until ctx ends.
func (r Retention) Run(ctx context.Context) error {
	t := requests(r.Keep)
	t.Around = r.Clock
	return t.Run(ctx, r.Pool, r.Log)
}

func requests(keep time.Duration) daily.Table { return daily.Table{Name: "request", Keep: keep} }
