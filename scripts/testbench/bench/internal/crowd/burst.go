package crowd

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"fxcore/scripts/internal/apiclient"
	"fxcore/scripts/internal/pause"
	"fxcore/scripts/testbench/bench/internal/mix"
)

// Result is what became of one burst.
type Result struct {
	Trades     int // that were asked for
	Registered int
	Refused    int                     // by the core or by the interface
	Took       time.Duration           // from the first request to the answer of the last registered trade
	Latencies  *hdrhistogram.Histogram // microseconds, of registered trades, from the beginning of the burst
	Reason     string                  // of the last refusal
}

// request is a trade that one caller asks for.
type request struct {
	caller caller
	key    string
	order  mix.Order
}

const (
	burstBound = time.Minute
	retryPause = 100 * time.Millisecond
	highest    = 300_000_000 // microseconds
	digits     = 3
)

// Burst asks for n trades at once, each under a key of its own, and waits for their outcomes. Each request waits at the interface. One
// that is not decided within that time, or that finds the core away, is sent again under its key.
func (c *Crowd) Burst(ctx context.Context, n int) (Result, error) {
	ctx, cancel := context.WithTimeout(ctx, burstBound)
	defer cancel()
	c.bursts++
	requests := make([]request, n)
	for i := range requests {
		one := c.callers[i%len(c.callers)]
		requests[i] = request{one, fmt.Sprintf("%s-%d-%d", c.settings.Run, c.bursts, i), c.mix.Order(one.clients, c.settings.Clock())}
	}
	b := &burst{began: time.Now(), result: Result{Trades: n, Latencies: hdrhistogram.New(1, highest, digits)}}
	var asking sync.WaitGroup
	for _, r := range requests {
		asking.Go(func() { b.enter(r.insist(ctx)) })
	}
	asking.Wait()
	if open := n - b.result.Registered - b.result.Refused; open > 0 {
		return b.result, fmt.Errorf("%d of %d requests have no outcome after %s: %w", open, n, burstBound, b.fault)
	}
	return b.result, nil
}

// burst collects the outcomes of one burst.
type burst struct {
	began time.Time

	mu     sync.Mutex
	result Result
	fault  error // of a request that has no outcome
}

// outcome is what became of a request.
type outcome struct {
	registered bool
	reason     string // of a refusal
	err        error  // there is no outcome
}

func (b *burst) enter(o outcome) {
	took := time.Since(b.began)
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case o.err != nil:
		b.fault = o.err
	case o.registered:
		b.result.Registered++
		b.result.Took = max(b.result.Took, took)
		_ = b.result.Latencies.RecordValue(min(highest, took.Microseconds())) // within its range
	default:
		b.result.Refused++
		b.result.Reason = o.reason
	}
}

// insist asks until there is an outcome, or ctx ends.
func (r request) insist(ctx context.Context) outcome {
	header := http.Header{"Idempotency-Key": {r.key}, "Prefer": {"wait=30"}}
	for {
		got, err := r.caller.Do(ctx, http.MethodPost, "/v1/trades", header, r.order)
		if err == nil {
			if o, final := read(got); final {
				return o
			}
			err = fmt.Errorf("the last answer has status %d", got.Status)
		}
		if !pause.For(ctx, retryPause) {
			return outcome{err: err}
		}
	}
}

// read returns the outcome that an answer tells; false if the trade is not decided, or the core is away.
func read(got apiclient.Answer) (o outcome, final bool) {
	var said struct {
		State     string
		Code      string // of a problem
		Rejection *struct{ Code, Text string }
	}
	if err := json.Unmarshal(got.Body, &said); err != nil {
		return o, false
	}
	switch {
	case got.Status >= http.StatusBadRequest && got.Status < http.StatusInternalServerError:
		return outcome{reason: fmt.Sprintf("%d %s", got.Status, said.Code)}, true
	case got.Status != http.StatusOK || said.State == "pending":
		return o, false
	case said.Rejection != nil:
		return outcome{reason: said.Rejection.Code + ": " + said.Rejection.Text}, true
	}
	return outcome{registered: true}, true
}
