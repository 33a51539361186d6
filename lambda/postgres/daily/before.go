package daily

import (
	"context"
	"fmt"
)

// forget drops what was set aside, and empties NAME_before, once every row there is old. The trigger goes with the last row.
func (k keeper) forget(ctx context.Context) error {
	aside, err := k.children(ctx, k.part("before"))
	if err != nil {
		return fmt.Errorf("list what was set aside: %w", err)
	}
	for _, name := range aside {
		if err := k.dropOld(ctx, name); err != nil {
			return err
		}
	}
	if err := k.lockedIf(ctx, "daily_old", "daily_empty", k.oldest()); err != nil {
		return err
	}
	return k.lockedIf(ctx, "daily_idle", "daily_untrigger")
}

// lockedIf asks first without the lock, which mostly suffices. The function asks again under it.
func (k keeper) lockedIf(ctx context.Context, question, function string, args ...any) error {
	yes, err := k.ask(ctx, question, args...)
	if err != nil || !yes {
		return err
	}
	return k.locked(ctx, function, args...)
}
