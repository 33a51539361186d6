package load

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"fxcore/scripts/testbench/bench/internal/mix"
)

// Latencies are kept in microseconds, from one to five minutes, to three digits.
const (
	lowest  = 1
	highest = 300_000_000
	digits  = 3
)

// phase is one part of a load, and what came of it.
type phase struct {
	began   time.Time
	release func(now time.Time) // called for each first final answer; may be nil

	mu        sync.Mutex
	ended     time.Time // no answer after it counts for the rate; zero while it goes on
	sent      int
	open      int // sent and not answered
	inTime    [2]int
	rejected  int
	reason    string // the last rejection's text
	last      time.Time
	latencies [2]*hdrhistogram.Histogram
	idle      chan struct{} // closed when open becomes 0 after the phase ended
}

func newPhase() *phase {
	return &phase{
		began:     time.Now(),
		latencies: [2]*hdrhistogram.Histogram{hdrhistogram.New(lowest, highest, digits), hdrhistogram.New(lowest, highest, digits)},
		idle:      make(chan struct{}),
	}
}

func (p *phase) sending() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent++
	p.open++
}

// answered enters the first final answer of a request. Latency counts from when the request was due, so a generator or
// a core that falls behind its schedule does not make itself look better (coordinated omission).
func (p *phase) answered(r request, accepted bool, text string, now time.Time) {
	p.mu.Lock()
	p.open--
	p.last = now
	if accepted {
		if p.ended.IsZero() {
			p.inTime[r.kind]++
		}
		_ = p.latencies[r.kind].RecordValue(max(lowest, min(highest, now.Sub(r.due).Microseconds()))) // within its range
	} else {
		p.rejected++
		p.reason = text
	}
	if p.open == 0 && !p.ended.IsZero() {
		close(p.idle)
	}
	p.mu.Unlock()
	if p.release != nil {
		p.release(now)
	}
}

// end stops the counting for the rate.
func (p *phase) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = time.Now()
	if p.open == 0 {
		close(p.idle)
	}
}

// drain waits for the answers that are still open after the end.
func (p *phase) drain(ctx context.Context, patience time.Duration) error {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-p.idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		p.mu.Lock()
		defer p.mu.Unlock()
		return fmt.Errorf("%w: %d of %d after %s", ErrUnanswered, p.open, p.sent, patience)
	}
}

// ErrUnanswered says that requests of a phase have no final answer although it was waited for.
var ErrUnanswered = errors.New("requests without a final answer")

// Result is what a phase measured.
type Result struct {
	Took      time.Duration // of the phase, without waiting for what was still open at its end
	ToLast    time.Duration // from the begin to the last answer
	Sent      int
	Trades    int // accepted and answered within the phase
	Checks    int // the same of line checks
	Rejected  int
	Reason    string                  // the last rejection's text
	Latencies *hdrhistogram.Histogram // of accepted trades, microseconds
}

// TradesPerSecond is the rate of trades accepted and answered within the phase.
func (r Result) TradesPerSecond() float64 { return float64(r.Trades) / r.Took.Seconds() }

func (p *phase) result() Result {
	p.mu.Lock()
	defer p.mu.Unlock()
	return Result{
		Took: p.ended.Sub(p.began), ToLast: p.last.Sub(p.began), Sent: p.sent, Trades: p.inTime[mix.Trade],
		Checks: p.inTime[mix.Check], Rejected: p.rejected, Reason: p.reason,
		Latencies: hdrhistogram.Import(p.latencies[mix.Trade].Export()),
	}
}
