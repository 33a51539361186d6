package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// listBound is how long a list may take, in milliseconds: a caller can ask for what no index helps with.
const listBound = "3000"

// boundSQL holds for the statements that follow in its batch. They are planned for their own filters: a plan for any filters reads
// all rows.
const boundSQL = "select set_config('statement_timeout', $1, true), set_config('plan_cache_mode', 'force_custom_plan', true)"

// collect reads the rows of a list. It returns an error if that takes longer than listBound.
func collect[T any](ctx context.Context, m Model, row pgx.RowToFunc[T], sql string, args ...any) (list []T, err error) {
	var b pgx.Batch
	b.Queue(boundSQL, listBound)
	b.Queue(sql, args...).Query(func(rows pgx.Rows) (err error) {
		list, err = pgx.CollectRows(rows, row)
		return err
	})
	err = m.Pool.SendBatch(ctx, &b).Close()
	return list, err
}
