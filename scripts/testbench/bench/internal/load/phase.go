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

// The range of latencies, from one microsecond to five minutes, and their precision in digits.
const (
	lowest  = 1
	highest = 300_000_000
	digits  = 3
)

// phase is one phase of a load and its result.
type phase struct {
	began   time.Time
	release func(now time.Time) // called for each request's first final answer; may be nil

	mu        sync.Mutex
	ended     time.Time // zero while the phase runs; later answers do not count for the rate
	sent      int
	open      int // sent and not yet answered
	inTime    [2]int
	rejected  int
	reason    string // text of the last rejection
	last      time.Time
	latencies [2]*hdrhistogram.Histogram
	idle      chan struct{} // closed when the phase has ended and open is 0
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

// answered enters the first final answer of a request. Latency counts from the due time, not from the sending:
// otherwise a load generator or a core that falls behind would look better (coordinated omission).
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

// end ends the phase. Later answers do not count for the rate.
func (p *phase) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = time.Now()
	if p.open == 0 {
		close(p.idle)
	}
}

// drain waits for the missing answers after the end, at most for patience. It returns ErrUnanswered if some are still
// missing.
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

// ErrUnanswered says that requests of a phase have no final answer, although the load has waited.
var ErrUnanswered = errors.New("requests without a final answer")

// Result is the result of a phase.
type Result struct {
	Took      time.Duration // of the phase, without the wait for missing answers
	ToLast    time.Duration // from the beginning to the last answer
	Sent      int
	Trades    int // accepted and answered within the phase
	Checks    int // line checks that were accepted and answered within the phase
	Rejected  int
	Reason    string                  // text of the last rejection
	Latencies *hdrhistogram.Histogram // of accepted trades, in microseconds

	CheckLatencies *hdrhistogram.Histogram // of approved line checks, in microseconds
}

// TradesPerSecond returns the rate of trades that were accepted and answered within the phase.
func (r Result) TradesPerSecond() float64 { return float64(r.Trades) / r.Took.Seconds() }

func (p *phase) result() Result {
	p.mu.Lock()
	defer p.mu.Unlock()
	return Result{
		Took: p.ended.Sub(p.began), ToLast: p.last.Sub(p.began), Sent: p.sent, Trades: p.inTime[mix.Trade],
		Checks: p.inTime[mix.Check], Rejected: p.rejected, Reason: p.reason,
		Latencies: hdrhistogram.Import(p.latencies[mix.Trade].Export()), CheckLatencies: hdrhistogram.Import(p.latencies[mix.Check].Export()),
	}
}
