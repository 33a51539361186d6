package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/services/auth/internal/store"
)

// A token is kept for a day after it has expired, so that on-call can see what became of it.
const (
	keepTokens  = 24 * time.Hour
	forgetPause = time.Minute
)

// forgetTokens deletes old tokens. Every replica runs it.
type forgetTokens struct {
	pool *pgxpool.Pool
	log  *slog.Logger
}

func (f forgetTokens) run(ctx context.Context) error {
	tick := time.NewTicker(forgetPause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-tick.C:
			if err := store.ForgetTokens(ctx, f.pool, now.Add(-keepTokens)); err != nil && ctx.Err() == nil {
				f.log.Warn("old tokens are still there, trying again", "error", err)
			}
		}
	}
}
