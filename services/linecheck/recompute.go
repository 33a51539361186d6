package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"fxcore/lambda/postgres"
	"fxcore/services/linecheck/internal/store"
)

// recomputation holds the settings of -recompute, which needs only the database.
type recomputation struct {
	Postgres postgres.Config
}

// recompute prints each stored figure that differs from the sum of the reservations. It returns the exit code: 0 if
// there is no difference, 1 if there is one, 2 after an error.
func recompute(ctx context.Context, cfg recomputation, out io.Writer) int {
	cfg.Postgres.Schema = "linecheck"
	pool, err := postgres.Open(ctx, cfg.Postgres)
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		return 2
	}
	defer pool.Close()
	found, err := store.Recompute(ctx, pool)
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		return 2
	}
	for _, d := range found {
		_, _ = fmt.Fprintln(out, d)
	}
	if len(found) > 0 {
		return 1
	}
	_, _ = fmt.Fprintln(out, "every node carries what its reservations add up to")
	return 0
}
