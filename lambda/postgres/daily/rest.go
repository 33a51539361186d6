package daily

import (
	"context"
	"fmt"
	"strconv"
)

const sweepChunk = 5_000 // rows at a time, so that no lock is long

// sweep deletes old rows of the rest.
func (k keeper) sweep(ctx context.Context) error {
	rest := k.part("rest")
	for {
		tag, err := k.conn.Exec(ctx, fmt.Sprintf("delete from %s where id = any (array (select id from %s where at < $1 limit $2))",
			rest, rest), k.oldest(), sweepChunk)
		if err != nil {
			return fmt.Errorf("delete old rows of %s: %w", rest, err)
		}
		if tag.RowsAffected() < sweepChunk {
			return nil
		}
	}
}

// setAside makes the rest a child of NAME_before and puts an empty table in its place. It also makes the trigger, if the
// table has one, so that NAME refuses the ids of rows set aside. It reads and moves no row.
func (k keeper) setAside(ctx context.Context) error {
	rest, aside := k.part("rest"), k.part("before_"+strconv.FormatInt(k.now.UnixMicro(), 10))
	return k.locked(ctx,
		fmt.Sprintf("alter table %s detach partition %s", k.whole(), rest),
		fmt.Sprintf("alter table %s rename to %s", rest, aside),
		fmt.Sprintf("alter table %s inherit %s", aside, k.part("before")),
		fmt.Sprintf("create table %s (like %s including all)", rest, k.whole()),
		fmt.Sprintf("alter table %s attach partition %s default", k.whole(), rest),
		fmt.Sprintf("if to_regprocedure('%s()') is not null then drop trigger if exists %s on %s; "+
			"create trigger %s before insert on %s for each row execute function %s(); end if",
			k.part("before"), k.part("before"), k.whole(), k.part("before"), k.whole(), k.part("before")),
	)
}
