package amqp_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
)

// stopBound is how long a stop may take in these tests. It only has to be shorter than what the stop must not wait for:
// an alarm that lasts, or three missed heartbeats of a minute each.
const stopBound = time.Minute

// While the broker takes no messages, the outcomes of a busy consumer fill the window, and then the consumer is blocked.
// Told to stop, it must stop all the same. The broker has every event that was not acknowledged, and delivers it again.
// So in the end each event has its one answer: an answer that comes twice has the same id.
func TestABlockedConsumerStops(t *testing.T) {
	broker := testkit.OwnBroker(t)
	other := start(t, amqp.Config{URL: broker.URL})
	asks := ask(t, 40)
	for _, e := range asks {
		publish(t, other, e) // in a message of its own
	}
	broker.Alarm()
	for name, cfg := range map[string]amqp.Config{
		"no room in the publisher's window": {Window: 2, Unsettled: 8},
		"too many batches unsettled":        {Window: 100, Unsettled: 2},
	} {
		t.Run(name, func(t *testing.T) {
			cfg.URL, cfg.MaxBatch, cfg.StopGrace = broker.URL, 1, time.Second
			if n := blockAndStop(t, cfg); n >= len(asks) {
				t.Errorf("%d events were handled: the consumer was not blocked", n)
			}
		})
	}
	broker.Calm()
	answers := newSeen()
	consume(t, other, "thing", answerEach(nil))
	consume(t, other, "answers", answers)
	answers.await(t, len(asks))
	drained(t, other, "thing", "answers", amqp.ErrorQueue)
	for _, e := range asks {
		answer, err := e.Next(answered, nil)
		if err != nil || answers.of(answer.ID) == 0 {
			t.Errorf("no answer to %s (%v)", e.Data, err)
		}
	}
	if n := answers.different(); n != len(asks) {
		t.Errorf("%d different answers to %d events", n, len(asks))
	}
}

// blockAndStop consumes until there is no room for an outcome, stops, and returns how many events were handled. Nothing
// may be left running.
func blockAndStop(t *testing.T, cfg amqp.Config) int {
	t.Helper()
	before := goleak.IgnoreCurrent()
	bus := amqp.Open(cfg, topology, "thing/blocked", testkit.Log(t))
	stopRunning := background(t, bus.Run)
	var handled atomic.Int32
	stopConsuming := background(t, func(ctx context.Context) error {
		return bus.Consume(ctx, "thing", amqp.HandlerFunc(func(ctx context.Context, events []event.Event) []amqp.Result {
			handled.Add(1)
			return answerEach(nil).Handle(ctx, events)
		}))
	})
	testkit.Eventually(t, "the outcome that there is no room for", time.Minute, func() error {
		if n := handled.Load(); n < 3 {
			return fmt.Errorf("%d events handled", n)
		}
		return nil
	})
	stopConsuming()
	stopRunning()
	goleak.VerifyNone(t, before)
	return int(handled.Load())
}

// A caller that gives up leaves nothing behind that still waits for the window.
func TestAnAbandonedPublishLeavesNothingBehind(t *testing.T) {
	proxy, address := testkit.Through(t, testkit.AMQP(t))
	bus := start(t, amqp.Config{URL: address, Window: 1, Heartbeat: time.Minute})
	proxy.Freeze()
	before := goleak.IgnoreCurrent()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := bus.Publish(ctx, ask(t, 500)...); err == nil {
		t.Error("published although the broker hears nothing")
	}
	goleak.VerifyNone(t, before)
}

// background runs loop until the returned function ends it, in time and without an error.
func background(t *testing.T, loop func(context.Context) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	ended := make(chan error, 1)
	go func() { ended <- loop(ctx) }()
	return func() {
		t.Helper()
		cancel()
		inTime(t, "a loop that was told to stop", func() {
			if err := <-ended; err != nil {
				t.Errorf("ended with %v", err)
			}
		})
	}
}

func inTime(t *testing.T, what string, call func()) {
	t.Helper()
	ended := make(chan struct{})
	go func() { defer close(ended); call() }()
	select {
	case <-ended:
	case <-time.After(stopBound):
		t.Fatalf("%s does not end", what)
	}
}
