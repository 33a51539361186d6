package amqp_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
)

// ranked is a consumer that counts its events. While its gate is closed, it does not return from the first batch.
type ranked struct {
	bus   *amqp.Bus
	gate  chan struct{}
	count atomic.Int32
	stop  context.CancelFunc
	ended chan struct{}
}

func startRanked(t *testing.T, cfg amqp.Config, name string, rank int64) *ranked {
	t.Helper()
	r := &ranked{bus: amqp.Open(cfg, topology, name, testkit.Log(t)), gate: make(chan struct{}), ended: make(chan struct{})}
	testkit.Background(t, r.bus.Run)
	testkit.Eventually(t, "the broker", 20*time.Second, r.bus.Ready)
	ctx, stop := context.WithCancel(context.Background())
	r.stop = stop
	go func() {
		defer close(r.ended)
		_ = r.bus.ConsumeFirst(ctx, "thing", rank, r)
	}()
	t.Cleanup(func() { stop(); <-r.ended })
	return r
}

func (r *ranked) Handle(ctx context.Context, events []event.Event) []amqp.Result {
	r.count.Add(int32(len(events)))
	select {
	case <-r.gate:
	case <-ctx.Done():
	}
	return make([]amqp.Result, len(events))
}

func (r *ranked) expect(t *testing.T, what string, want int32) {
	t.Helper()
	testkit.Eventually(t, what, 20*time.Second, func() error {
		if got := r.count.Load(); got != want {
			return fmt.Errorf("%d events, want %d", got, want)
		}
		return nil
	})
}

// The consumer of the higher rank gets all that it has room for, and the other one the rest. Once the higher one is gone, the
// other one gets all.
func TestTheHigherRankIsServedFirst(t *testing.T) {
	cfg := amqp.Config{URL: testkit.AMQP(t), Prefetch: 4, MaxBatch: 1}
	low, high := startRanked(t, cfg, "thing/low", 1), startRanked(t, cfg, "thing/high", 2)
	close(low.gate)
	testkit.Eventually(t, "two consumers", 20*time.Second, func() error {
		if _, consumers, err := low.bus.Depth(t.Context(), "thing"); err != nil || consumers != 2 {
			return fmt.Errorf("%d, error %w", consumers, err)
		}
		return nil
	})
	each := func(events []event.Event) {
		for _, e := range events {
			publish(t, low.bus, e) // in a message of its own
		}
	}
	each(ask(t, 10)) // four are with the one that does not go on
	low.expect(t, "what the higher has no room for", 6)
	close(high.gate)
	high.expect(t, "what it had room for", 4)
	drained(t, low.bus, "thing")
	for i := range 10 {
		each(ask(t, 1, 10+i))
		high.expect(t, "all, one by one", int32(5+i))
	}
	high.stop()
	<-high.ended
	each(ask(t, 5, 20))
	low.expect(t, "all of one that is alone", 6+5)
}
