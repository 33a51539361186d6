package store

import (
	"context"
	_ "embed" // the queries
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"fxcore/services/api/internal/blotter"
)

var (
	//go:embed queries/horizon.sql
	horizonSQL string
	//go:embed queries/changes.sql
	changesSQL string
)

// Horizon returns the read model's epoch and the position up to which all changes are visible. Positions are ids of transactions:
// they are the same for all replicas, and grow.
func (m Model) Horizon(ctx context.Context) (epoch string, upTo uint64, err error) {
	var text string
	if err := m.Pool.QueryRow(ctx, horizonSQL).Scan(&epoch, &text); err != nil {
		return "", 0, fmt.Errorf("read the horizon: %w", err)
	}
	upTo, err = strconv.ParseUint(text, 10, 64)
	return epoch, upTo, err
}

// Changes returns the trades that changed last at a position from (included) up to upTo (excluded), each as it is now. If there are
// limit or more, the answer ends after the transaction of the last of these rows: at an earlier position, which it returns. It has all rows of
// that transaction.
func (m Model) Changes(ctx context.Context, from, upTo uint64, limit int) (trades []*blotter.Facts, reached uint64, err error) {
	rows, err := m.Pool.Query(ctx, changesSQL, strconv.FormatUint(from, 10), strconv.FormatUint(upTo, 10), limit)
	if err != nil {
		return nil, 0, fmt.Errorf("read changes: %w", err)
	}
	var position string
	var document []byte
	_, err = pgx.ForEachRow(rows, []any{&position, &document}, func() error {
		var f blotter.Facts
		trades = append(trades, &f)
		return json.Unmarshal(document, &f)
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read changes: %w", err)
	}
	if len(trades) < limit {
		return trades, upTo, nil
	}
	last, err := strconv.ParseUint(position, 10, 64)
	return trades, last + 1, err
}
