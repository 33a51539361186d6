package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Plan returns how the database reads a list.
func Plan(ctx context.Context, m Model, f Filter, after Place, limit int) ([]string, error) {
	return collect(ctx, m, pgx.RowTo[string], "explain "+listSQL, f.arguments(after, limit)...)
}
