package daily

import (
	"context"
	"fmt"

	"fxcore/lambda/event"
)

const (
	layout = "20060102" // of the day in a partition's name

	// Of the rest, the server reads every row while it attaches a partition, and the rows of that day are moved.
	restBound = 16 << 20 // bytes
	moveBound = 2_000    // rows
)

// add makes a day's partition and moves the day's rows from the rest into it. If the rest is crowded, add sets it aside
// first, and the rows stay there.
func (k keeper) add(ctx context.Context, day event.Day) error {
	crowded, err := k.ask(ctx, "daily_crowded", int(day), restBound, moveBound) // too large to be read, or too many rows to be moved, under the lock
	if err != nil {
		return err
	}
	if crowded {
		if err := k.setAside(ctx); err != nil {
			return err
		}
	}
	return k.locked(ctx, "daily_add", int(day))
}

// drop drops a day's partition unless one of its rows is young: a message can be handled long after its story's day.
func (k keeper) drop(ctx context.Context, day event.Day) error {
	return k.dropOld(ctx, k.Name+"_"+day.Begin().Format(layout))
}

// dropOld drops a table unless one of its rows must be kept. It looks first without the lock, which mostly suffices, and
// again under the lock. The index that answers must know all pages by then, or the server reads the unknown ones under the lock.
func (k keeper) dropOld(ctx context.Context, table string) error {
	if err := k.summarize(ctx, table); err != nil {
		return err
	}
	may, err := k.ask(ctx, "daily_may_drop", table, k.oldest())
	if err != nil || !may {
		return err
	}
	return k.locked(ctx, "daily_drop", table, k.oldest())
}

// summarize lets a table's block range indexes take in the pages that the server's own vacuum has not reached yet. Readers and writers
// go on; a vacuum of the table ends first, or is cancelled.
func (k keeper) summarize(ctx context.Context, table string) error {
	if _, err := k.conn.Exec(ctx, "select daily_summarize($1)", table); err != nil {
		return fmt.Errorf("summarize the index of %s: %w", table, err)
	}
	return nil
}
