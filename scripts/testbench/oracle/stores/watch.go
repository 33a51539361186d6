package stores

import (
	"context"
	_ "embed" // the statements
	"fmt"

	"github.com/jackc/pgx/v5"
)

//go:embed queries/watch.sql
var watchSQL string

// Watch has the database note who writes the gateways' sessions, from now on: the rule "one holder" judges by it. It is for
// a database whose gateways have made their tables, and for one call; url is of a role that may change all schemas.
func Watch(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("watch sessions: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, watchSQL); err != nil {
		return fmt.Errorf("watch sessions: %w", err)
	}
	return nil
}
