package store

import (
	"context"
	_ "embed" // the statement
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

//go:embed queries/reseal_credential.sql
var resealCredentialSQL string

// Sealed is what is kept of one user's credential.
type Sealed struct {
	User string
	Text []byte
}

// Credentials returns all users' credentials, sealed.
func Credentials(ctx context.Context, db *pgxpool.Pool) ([]Sealed, error) {
	rows, err := db.Query(ctx, "select user_id, sealed from credential order by user_id")
	if err != nil {
		return nil, fmt.Errorf("read credentials: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Sealed])
	if err != nil {
		return nil, fmt.Errorf("read credentials: %w", err)
	}
	return all, nil
}

// Reseal replaces what is sealed of a credential, unless somebody has changed it meanwhile.
func Reseal(ctx context.Context, db *pgxpool.Pool, was Sealed, now []byte) error {
	if _, err := db.Exec(ctx, resealCredentialSQL, was.User, was.Text, now); err != nil {
		return fmt.Errorf("seal a credential anew: %w", err)
	}
	return nil
}
