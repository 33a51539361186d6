package signin

import (
	"context"
	"errors"
	"time"

	"fxcore/lambda/postgres"
)

// How long what is known of tokens is kept.
const (
	keepTokens   = 72 * time.Hour // after they expired
	keepRefusals = time.Hour      // their callers wait for seconds
)

// Forget forgets tokens that expired long ago, and refusals. A revocation that came before its token is kept for it.
func (s Store) Forget(ctx context.Context) error {
	return errors.Join(
		postgres.Forget(ctx, s.Pool, "token", "noted_at < now() - $1::interval and coalesce(expires_at, noted_at) < now() - $1::interval", keepTokens),
		postgres.Forget(ctx, s.Pool, "token", "noted_at < now() - $1::interval and issued_at is null and not revoked", keepRefusals),
	)
}
