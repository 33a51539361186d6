package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/services/auth/internal/credential"
	"fxcore/services/auth/internal/store"
)

// A token is kept for a day after it has expired, so that on-call can see what became of it.
const (
	keepTokens  = 24 * time.Hour
	forgetPause = time.Minute
)

// forgetTokens deletes old tokens, and old attempts to guess a password. Every replica runs it.
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
			err := errors.Join(store.ForgetTokens(ctx, f.pool, now.Add(-keepTokens)), store.ForgetAttempts(ctx, f.pool, now.Add(-credential.Forgiven)))
			if err != nil && ctx.Err() == nil {
				f.log.Warn("old tokens and attempts are still there, trying again", "error", err)
			}
		}
	}
}
