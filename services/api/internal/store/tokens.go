package store

import (
	"context"
	_ "embed" // the query
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fxcore/services/api/internal/access"
)

//go:embed queries/token.sql
var tokenSQL string

// Token returns what is known of the token with a hash. Error: access.ErrUnknown.
func (m Model) Token(ctx context.Context, hash string) (access.Token, error) {
	var t access.Token
	err := m.Pool.QueryRow(ctx, tokenSQL, hash).Scan(&t.User, &t.Desk, &t.Roles, &t.System, &t.Audience, &t.ExpiresAt, &t.Revoked)
	if errors.Is(err, pgx.ErrNoRows) {
		return t, access.ErrUnknown
	}
	if err != nil {
		return t, fmt.Errorf("look up a token: %w", err)
	}
	return t, nil
}
