package lease

import (
	"context"
	"time"
)

// watch ends tenures whose time is over. It waits for the clock only: neither for Postgres nor for a tenant.
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

// lapse ends the tenures that have lapsed, and returns the time until the next one can lapse. While nothing is held that is an
// hour: a gain wakes the watch before.
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
