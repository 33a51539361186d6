package main

import (
	"context"
	"errors"
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

// forgetTokens deletes old tokens, and old attempts to guess a password.
func forgetTokens(ctx context.Context, pool *pgxpool.Pool, now time.Time) error {
	return errors.Join(store.ForgetTokens(ctx, pool, now.Add(-keepTokens)), store.ForgetAttempts(ctx, pool, now.Add(-credential.Forgiven)))
}
