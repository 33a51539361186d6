package signin

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"fxcore/lambda/log"
	"fxcore/lambda/postgres"
)

// How long what is known of tokens is kept, and how often the rest is forgotten.
const (
	keepTokens   = 72 * time.Hour // after they expired
	keepRefusals = time.Hour      // their callers wait for seconds
	forgetEach   = time.Hour
)

// forget forgets old tokens until ctx ends. It returns nil.
func (s Store) forget(ctx context.Context, logger *slog.Logger) error {
	tick := time.NewTicker(forgetEach)
	defer tick.Stop()
	for {
		if err := s.Forget(ctx); err != nil && ctx.Err() == nil {
			logger.WarnContext(ctx, "old tokens are not forgotten", log.Error(err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Forget forgets tokens that expired long ago, and refusals. A revocation that came before its token is kept for it.
func (s Store) Forget(ctx context.Context) error {
	return errors.Join(
		postgres.Forget(ctx, s.Pool, "token", "noted_at < now() - $1::interval and coalesce(expires_at, noted_at) < now() - $1::interval", keepTokens),
		postgres.Forget(ctx, s.Pool, "token", "noted_at < now() - $1::interval and issued_at is null and not revoked", keepRefusals),
	)
}
