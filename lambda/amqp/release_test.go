package amqp_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
)

// An event that a consumer releases goes to the next consumer, with its neighbours, in their order. However often it is
// released, it uses up none of its tries, and nothing waits in the retry queue.
func TestAReleasedEventUsesUpNoTry(t *testing.T) {
	const flaps, attempts = 12, 2
	bus := start(t, amqp.Config{URL: testkit.AMQP(t), Attempts: attempts, MaxBatch: 5})
	asks := ask(t, 3)
	publish(t, bus, asks...)
	elsewhere := errors.New("somebody else has the session")
	for range flaps {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		err := bus.Consume(ctx, "thing", amqp.HandlerFunc(func(_ context.Context, events []event.Event) []amqp.Result {
			results := make([]amqp.Result, len(events))
			results[len(events)-1].Err = amqp.Release(elsewhere)
			return results
		}))
		cancel()
		if !errors.Is(err, elsewhere) {
			t.Fatalf("the consumer ended with %v", err)
		}
	}
	if n, _, err := bus.Depth(t.Context(), "thing.retry"); err != nil || n != 0 {
		t.Errorf("%d messages in the retry queue, %v", n, err)
	}
	var order atomic.Pointer[[]string]
	consume(t, bus, "thing", amqp.HandlerFunc(func(_ context.Context, events []event.Event) []amqp.Result {
		var ids []string
		for _, e := range events {
			ids = append(ids, e.ID)
		}
		order.CompareAndSwap(nil, &ids)
		return make([]amqp.Result, len(events))
	}))
	drained(t, bus, "thing", amqp.ErrorQueue)
	testkit.Eventually(t, "the events", time.Minute, func() error {
		if order.Load() == nil {
			return errors.New("none")
		}
		return nil
	})
	want := []string{asks[0].ID, asks[1].ID, asks[2].ID}
	if got := *order.Load(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What was handled before a release is settled: it does not come again.
func TestAReleaseLeavesEarlierBatchesSettled(t *testing.T) {
	bus := start(t, amqp.Config{URL: testkit.AMQP(t), MaxBatch: 1})
	for _, e := range ask(t, 2) {
		publish(t, bus, e)
	}
	first := newSeen()
	err := bus.Consume(t.Context(), "thing", amqp.HandlerFunc(func(ctx context.Context, events []event.Event) []amqp.Result {
		results := first.Handle(ctx, events)
		if first.different() == 2 {
			results[0].Err = amqp.Release(errors.New("no longer"))
		}
		return results
	}))
	if err == nil {
		t.Fatal("the consumer did not end")
	}
	second := newSeen()
	consume(t, bus, "thing", second)
	second.await(t, 1)
	drained(t, bus, "thing", amqp.ErrorQueue)
	if n := second.different(); n != 1 {
		t.Errorf("%d events came again, want 1", n)
	}
}
