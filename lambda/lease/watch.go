package lease

import (
	"context"
	"time"
)

// watch ends tenures whose time is over. It waits for nothing but the clock: not for Postgres, nor for a tenant.
func (k *Keeper) watch(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-k.gained:
		}
		timer.Reset(k.lapse())
	}
}

// lapse ends what has lapsed and returns how long it takes until the next could. Where nothing is held, a gain wakes the
// watch.
func (k *Keeper) lapse() time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.now()
	k.endAll(k.book.lapsed(now), ErrLapsed)
	if at, some := k.book.next(); some {
		return at - now
	}
	return time.Hour
}
