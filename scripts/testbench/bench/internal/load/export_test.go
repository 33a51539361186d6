package load

import (
	"context"
	"time"
)

// Latency returns the recorded latency, in microseconds, of a request that was due and answered at these times.
func Latency(due, answered time.Time) int64 {
	p := newPhase()
	p.sending()
	p.answered(request{due: due, phase: p}, true, "", answered)
	return p.result().Latencies.Max()
}

// Schedule runs pace in its own goroutine and returns the due times.
func Schedule(ctx context.Context, began time.Time, interval time.Duration, n int) <-chan time.Time {
	due := make(chan time.Time, n)
	go pace(ctx, due, began, interval, n)
	return due
}
