package daily

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// forget drops what was set aside, and empties NAME_before, once every row there is old. The trigger goes with the last row.
func (k keeper) forget(ctx context.Context) error {
	before := k.part("before")
	aside, err := k.children(ctx, before)
	if err != nil {
		return fmt.Errorf("list what was set aside: %w", err)
	}
	for _, name := range aside {
		if err := k.dropOld(ctx, pgx.Identifier{name}.Sanitize()); err != nil {
			return err
		}
	}
	if err := k.empty(ctx, before); err != nil {
		return err
	}
	return k.untrigger(ctx, before)
}

func (k keeper) empty(ctx context.Context, before string) error {
	var over bool
	err := k.conn.QueryRow(ctx, fmt.Sprintf("select exists (select from only %s) and not exists (%s)", before, k.young(before))).Scan(&over)
	if err != nil {
		return fmt.Errorf("look for young rows of %s: %w", before, err)
	}
	if !over {
		return nil
	}
	return k.locked(ctx, "truncate only "+before)
}

// untrigger drops the trigger once NAME_before and its children are empty. It does not look again under the lock,
// because only the keeper adds rows there.
func (k keeper) untrigger(ctx context.Context, before string) error {
	var idle bool
	err := k.conn.QueryRow(ctx, "select exists (select from pg_trigger where tgrelid = $1::regclass and tgname = $2) and not exists (select from "+
		before+")", k.whole(), k.Name+"_before").Scan(&idle)
	if err != nil {
		return fmt.Errorf("look whether %s is empty: %w", before, err)
	}
	if !idle {
		return nil
	}
	return k.locked(ctx, "drop trigger "+before+" on "+k.whole())
}
