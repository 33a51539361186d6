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

func TestWhatHasWaitedLongerComesBack(t *testing.T) {
	patient := topology
	patient.Queues = slices.Clone(topology.Queues)
	patient.Queues[0].Waits = true
	bus := startWith(t, amqp.Config{URL: testkit.AMQP(t)}, patient)
	const waits = 3 // seven seconds
	var tries atomic.Int32
	consume(t, bus, "thing", amqp.HandlerFunc(func(_ context.Context, events []event.Event) []amqp.Result {
		results := make([]amqp.Result, len(events))
		if tries.Add(1) <= waits {
			results[0].Err = amqp.Wait(errors.New("not yet"))
		}
		return results
	}))
	publish(t, bus, ask(t, 1)...)
	testkit.Eventually(t, "the last try", time.Minute, func() error {
		if tries.Load() <= waits {
			return errors.New("it waits")
		}
		return nil
	})
	drained(t, bus, "thing", "thing.retry", "thing.wait.2s", "thing.wait.4s", amqp.ErrorQueue)
}
