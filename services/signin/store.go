package signin

import (
	"context"
	_ "embed" // the queries
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/services/contract/access"
)

var (
	//go:embed queries/token.sql
	tokenSQL string
	//go:embed queries/issue.sql
	issueSQL string
)

const (
	refuseSQL = `insert into token (hash, username, code, text, retry_at) values ($1, $2, $3, $4, $5)
		on conflict (hash) do update set code = excluded.code, text = excluded.text, retry_at = excluded.retry_at`
	revokeSQL = `insert into token (hash, revoked) values ($1, true) on conflict (hash) do update set revoked = true`
	endSQL    = `insert into revocation (username, until) values ($1, $2)
		on conflict (username) do update set until = greatest(revocation.until, excluded.until)`
)

// queueIssued queues what a token allows. It stays revoked if it is.
func queueIssued(b *pgx.Batch, i access.Issued) {
	b.Queue(issueSQL, i.TokenHash, i.User, i.Roles, i.Desk, i.Client, i.Audience, i.Scope, i.IssuedAt, i.ExpiresAt)
}

// queueRefused queues why there is no token.
func queueRefused(b *pgx.Batch, r access.Refused) {
	b.Queue(refuseSQL, r.TokenHash, r.User, r.Code, r.Text, r.RetryAt)
}

// queueRevoked queues the revocation of a token, or of all that a user got until then.
func queueRevoked(b *pgx.Batch, r access.Revoked) {
	if r.User != "" {
		b.Queue(endSQL, r.User, r.RevokedAt)
		return
	}
	b.Queue(revokeSQL, r.TokenHash)
}

// ErrNoRefusal says that auth has refused no token with the hash.
var ErrNoRefusal = errors.New("no refusal")

// Store holds what auth has told of tokens, in the program's own schema.
type Store struct{ Pool *pgxpool.Pool }

// Token returns what the token with a hash allows. Error: ErrUnknown.
func (s Store) Token(ctx context.Context, hash string) (t Token, err error) {
	err = s.Pool.QueryRow(ctx, tokenSQL, hash).Scan(&t.User, &t.Roles, &t.Desk, &t.Client, &t.Audience, &t.Scope, &t.ExpiresAt, &t.Revoked)
	if errors.Is(err, pgx.ErrNoRows) {
		return t, ErrUnknown
	}
	if err != nil {
		return t, fmt.Errorf("look up a token: %w", err)
	}
	return t, nil
}

// Refusal returns why there is no token with a hash. Error: ErrNoRefusal.
func (s Store) Refusal(ctx context.Context, hash string) (r access.Refused, err error) {
	err = s.Pool.QueryRow(ctx, "select hash, username, code, text, retry_at from token where hash = $1 and code <> ''", hash).
		Scan(&r.TokenHash, &r.User, &r.Code, &r.Text, &r.RetryAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, ErrNoRefusal
	}
	if err != nil {
		return r, fmt.Errorf("look up the refusal of a token: %w", err)
	}
	return r, nil
}

// Decided returns those of the tokens, by their hashes, of which auth has said whether they are issued.
func (s Store) Decided(ctx context.Context, hashes []string) ([]string, error) {
	rows, err := s.Pool.Query(ctx, "select hash from token where hash = any ($1) and (issued_at is not null or code <> '')", hashes)
	if err != nil {
		return nil, fmt.Errorf("look for tokens: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Revoke revokes a token here, before auth's message comes.
func (s Store) Revoke(ctx context.Context, hash string) error {
	if _, err := s.Pool.Exec(ctx, revokeSQL, hash); err != nil {
		return fmt.Errorf("revoke a token: %w", err)
	}
	return nil
}
