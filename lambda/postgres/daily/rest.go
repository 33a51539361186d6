package daily

import (
	"context"
	"fmt"
)

const sweepChunk = 5_000 // rows at a time, so that no lock is long

// sweep deletes old rows of the rest.
func (k keeper) sweep(ctx context.Context) error {
	for {
		var gone int64
		if err := k.conn.QueryRow(ctx, "select daily_sweep($1, $2, $3)", k.Name, k.oldest(), sweepChunk).Scan(&gone); err != nil {
			return fmt.Errorf("delete old rows of %s: %w", k.part("rest"), err)
		}
		if gone < sweepChunk {
			return nil
		}
	}
}

// setAside makes the rest a child of NAME_before and puts an empty table in its place. It also makes the trigger, if the
// table has one, so that NAME refuses the ids of rows set aside. It reads and moves no row.
func (k keeper) setAside(ctx context.Context) error {
	return k.locked(ctx, "daily_set_aside", k.now.UnixMicro())
}
