package store

import (
	"context"
	_ "embed" // the query
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

//go:embed queries/differences.sql
var differencesSQL string

//go:embed queries/claim_job.sql
var claimJobSQL string

// Difference is one stored figure that differs from the sum of the reservations.
type Difference struct {
	Node       string
	ValueDate  *string // of a settlement bucket; otherwise nil
	What       string  // reserved, consumed or settlement
	Stored     string
	Recomputed string
}

const recomputeBound = 5 * time.Minute // Recompute reads every reservation

// Recompute adds up all reservations and returns the differences to the stored figures. It uses one snapshot of the
// database, so it may run while linecheck works.
func Recompute(ctx context.Context, pool *pgxpool.Pool) ([]Difference, error) {
	ctx, cancel := context.WithTimeout(ctx, recomputeBound)
	defer cancel()
	rows, _ := pool.Query(ctx, differencesSQL) // CollectRows returns the error
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Difference])
	return found, wrap("recompute usage", err)
}

const claimBound = 2 * time.Second

// ClaimJob claims a job for its due time. It reports whether the caller is the first to claim it.
func ClaimJob(ctx context.Context, pool *pgxpool.Pool, job string, due time.Time) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, claimBound)
	defer cancel()
	tag, err := pool.Exec(ctx, claimJobSQL, job, due)
	return tag.RowsAffected() == 1, wrap("claim job "+job, err)
}
