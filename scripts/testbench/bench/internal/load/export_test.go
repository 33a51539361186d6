package load

import (
	"context"
	"time"
)

// Schedule is pace in its own goroutine.
func Schedule(ctx context.Context, began time.Time, interval time.Duration, n int) <-chan time.Time {
	due := make(chan time.Time, n)
	go pace(ctx, due, began, interval, n)
	return due
}
