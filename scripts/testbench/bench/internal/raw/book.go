package raw

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

const (
	lowest  = 1
	highest = 300_000_000
	digits  = 3
)

// book records one run's trades.
type book struct {
	began   time.Time
	release func()

	mu        sync.Mutex
	starts    []time.Time // by trade; zero when it has finished
	finished  int
	over      bool
	latencies *hdrhistogram.Histogram
	idle      chan struct{}
}

func newBook() *book {
	return &book{began: time.Now(), latencies: hdrhistogram.New(lowest, highest, digits), idle: make(chan struct{})}
}

// begin adds a trade and returns its number.
func (b *book) begin() uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.starts = append(b.starts, time.Now())
	return uint64(len(b.starts) - 1)
}

// finish enters the end of a trade. It ignores a redelivery and a trade of an earlier run.
func (b *book) finish(trade uint64) {
	b.mu.Lock()
	if trade >= uint64(len(b.starts)) || b.starts[trade].IsZero() {
		b.mu.Unlock()
		return
	}
	_ = b.latencies.RecordValue(max(lowest, min(highest, time.Since(b.starts[trade]).Microseconds()))) // within its range
	b.starts[trade] = time.Time{}
	b.finished++
	if b.over && b.finished == len(b.starts) {
		close(b.idle)
	}
	b.mu.Unlock()
	b.release()
}

// end ends the counting and returns the result.
func (b *book) end() Result {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.over = true
	if b.finished == len(b.starts) {
		close(b.idle)
	}
	return Result{Took: time.Since(b.began), Trades: b.finished, Latencies: b.latencies}
}

// drain waits for the trades that are still in flight, so that the next run begins with empty queues.
func (b *book) drain(ctx context.Context) error {
	timer := time.NewTimer(drainBound)
	defer timer.Stop()
	select {
	case <-b.idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		b.mu.Lock()
		defer b.mu.Unlock()
		return fmt.Errorf("raw chain: %d trades of %d are still in flight after %s",
			len(b.starts)-b.finished, len(b.starts), drainBound)
	}
}
