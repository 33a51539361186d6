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
// more than limit, the answer ends at an earlier position, which it returns.
func (m Model) Changes(ctx context.Context, from, upTo uint64, limit int) (trades []*blotter.Facts, reached uint64, err error) {
	rows, err := m.Pool.Query(ctx, changesSQL, strconv.FormatUint(from, 10), strconv.FormatUint(upTo, 10), limit)
	if err != nil {
		return nil, 0, fmt.Errorf("read changes: %w", err)
	}
	var positions []uint64
	var position string
	var document []byte
	_, err = pgx.ForEachRow(rows, []any{&position, &document}, func() error {
		at, err := strconv.ParseUint(position, 10, 64)
		if err != nil {
			return err
		}
		var f blotter.Facts
		positions, trades = append(positions, at), append(trades, &f)
		return json.Unmarshal(document, &f)
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read changes: %w", err)
	}
	if len(trades) < limit {
		return trades, upTo, nil
	}
	return whole(trades, positions)
}

// whole leaves out the last transaction, of which rows may be missing.
func whole(trades []*blotter.Facts, positions []uint64) ([]*blotter.Facts, uint64, error) {
	last := positions[len(positions)-1]
	for i, at := range positions {
		if at == last {
			if i == 0 {
				return nil, 0, fmt.Errorf("more than %d trades changed in one transaction", len(trades))
			}
			return trades[:i], last, nil
		}
	}
	return trades, last, nil
}
