package load

import (
	"context"
	"time"
)

// Latency is what is kept, in microseconds, of a request that was due and answered at these times.
func Latency(due, answered time.Time) int64 {
	p := newPhase()
	p.sending()
	p.answered(request{due: due, phase: p}, true, "", answered)
	return p.result().Latencies.Max()
}

// Schedule is pace in its own goroutine.
func Schedule(ctx context.Context, began time.Time, interval time.Duration, n int) <-chan time.Time {
	due := make(chan time.Time, n)
	go pace(ctx, due, began, interval, n)
	return due
}
