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
	first, next := day.FirstID(), (day + 1).FirstID()
	crowded, err := k.crowded(ctx, first, next)
	if err != nil {
		return err
	}
	if crowded {
		if err := k.setAside(ctx); err != nil {
			return err
		}
	}
	part := k.part(day.Begin().Format(layout))
	return k.locked(ctx,
		fmt.Sprintf("create table %s (like %s including all)", part, k.whole()),
		fmt.Sprintf("with early as (delete from %s where id >= '%s' and id < '%s' returning *) insert into %s select * from early",
			k.part("rest"), first, next, part),
		fmt.Sprintf("alter table %s attach partition %s for values from ('%s') to ('%s')", k.whole(), part, first, next),
	)
}

// crowded tells whether the rest is too large to be read, or has too many rows of a day to be moved, under the lock.
func (k keeper) crowded(ctx context.Context, first, next string) (crowded bool, err error) {
	rest := k.part("rest")
	err = k.conn.QueryRow(ctx, "select pg_relation_size($1::regclass) > $2 or (select count(*) from (select from "+rest+
		" where id >= $3::uuid and id < $4::uuid limit $5) early) = $5", rest, restBound, first, next, moveBound).Scan(&crowded)
	if err != nil {
		return false, fmt.Errorf("measure %s: %w", rest, err)
	}
	return crowded, nil
}

// drop drops a day's partition unless one of its rows is young: a message can be handled long after its story's day.
func (k keeper) drop(ctx context.Context, day event.Day) error {
	return k.dropOld(ctx, k.part(day.Begin().Format(layout)))
}

// dropOld drops a table unless one of its rows must be kept. It looks first without the lock, which mostly suffices, and
// again under the lock. The index that answers must know all pages by then, or the server reads the unknown ones under the lock.
func (k keeper) dropOld(ctx context.Context, table string) error {
	if err := k.summarize(ctx, table); err != nil {
		return err
	}
	var stays bool
	if err := k.conn.QueryRow(ctx, "select exists ("+k.young(table)+")").Scan(&stays); err != nil {
		return fmt.Errorf("look for young rows of %s: %w", table, err)
	}
	if stays {
		return nil
	}
	return k.locked(ctx, fmt.Sprintf("if not exists (%s) then drop table %s; end if", k.young(table), table))
}

// summarize lets a table's block range indexes take in the pages that the server's own vacuum has not reached yet. Readers and writers
// go on; a vacuum of the table ends first, or is cancelled.
func (k keeper) summarize(ctx context.Context, table string) error {
	_, err := k.conn.Exec(ctx, `select brin_summarize_new_values(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indexrelid
		join pg_am m on m.oid = c.relam where i.indrelid = $1::regclass and m.amname = 'brin'`, table)
	if err != nil {
		return fmt.Errorf("summarize the index of %s: %w", table, err)
	}
	return nil
}
