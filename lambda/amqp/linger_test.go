package amqp_test

import (
	"context"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
)

// lingering is the test's topology with a linger time at its first queue.
func lingering(d time.Duration) amqp.Topology {
	t := topology
	t.Queues = append([]amqp.Queue(nil), topology.Queues...)
	t.Queues[0].Linger = d
	return t
}

// sizes is a handler that sends the size of each batch to a channel.
func sizes(batches chan<- int) amqp.HandlerFunc {
	return func(_ context.Context, events []event.Event) []amqp.Result {
		batches <- len(events)
		return make([]amqp.Result, len(events))
	}
}

// Events come one after the other while the batch lingers, however long that takes. A full batch lingers no more.
func TestALingeringBatchGathersWhatComes(t *testing.T) {
	bus := startWith(t, amqp.Config{URL: testkit.AMQP(t), MaxBatch: 2}, lingering(time.Hour))
	batches := make(chan int, 10)
	consume(t, bus, "thing", sizes(batches))
	for _, e := range ask(t, 4) {
		publish(t, bus, e) // in a message of its own
	}
	if first, second := <-batches, <-batches; first != 2 || second != 2 {
		t.Errorf("four events made batches of %d and %d, want two of two", first, second)
	}
}

// A queue may have smaller batches than the service, also when one message brings many events.
func TestAQueueHasABoundOfItsOwn(t *testing.T) {
	bounded := lingering(0)
	bounded.Queues[0].MaxBatch = 2
	bus := startWith(t, amqp.Config{URL: testkit.AMQP(t)}, bounded)
	publish(t, bus, ask(t, 5)...) // in one message
	batches := make(chan int, 10)
	consume(t, bus, "thing", sizes(batches))
	for _, want := range []int{2, 2, 1} {
		if got := <-batches; got != want {
			t.Errorf("a batch of %d, want %d", got, want)
		}
	}
	drained(t, bus, "thing")
}

// An event for which somebody waits ends the linger of what has come before it.
func TestAnUrgentEventMakesTheLingerShort(t *testing.T) {
	hurried := lingering(time.Hour)
	hurried.Queues[0].Urgency = amqp.Urgency{Origin: "api", Linger: 20 * time.Millisecond}
	bus := startWith(t, amqp.Config{URL: testkit.AMQP(t)}, hurried)
	batches := make(chan int, 1)
	consume(t, bus, "thing", sizes(batches))
	events := ask(t, 2)
	publish(t, bus, events[0])
	drained(t, bus, "thing") // delivered, and lingering
	events[1].Origin = "api"
	publish(t, bus, events[1])
	if n := <-batches; n != 2 {
		t.Errorf("a batch of %d", n)
	}
}

// A queue may have greater batches than the service. The broker then sends enough messages ahead to fill them.
func TestABatchMayBeGreaterThanThoseOfOtherQueues(t *testing.T) {
	great := lingering(time.Hour)
	great.Queues[0].MaxBatch = 40
	bus := startWith(t, amqp.Config{URL: testkit.AMQP(t), MaxBatch: 2, Prefetch: 4}, great)
	batches := make(chan int, 1)
	consume(t, bus, "thing", sizes(batches))
	for _, e := range ask(t, 40) {
		publish(t, bus, e) // in a message of its own
	}
	if n := <-batches; n != 40 {
		t.Errorf("a batch of %d", n)
	}
}

func TestALoneEventLingersNoLongerThanItsTime(t *testing.T) {
	bus := startWith(t, amqp.Config{URL: testkit.AMQP(t)}, lingering(20*time.Millisecond))
	batches := make(chan int, 1)
	consume(t, bus, "thing", sizes(batches))
	publish(t, bus, ask(t, 1)...)
	if n := <-batches; n != 1 {
		t.Errorf("a batch of %d", n)
	}
	drained(t, bus, "thing")
}

// Events of a batch that lingers when the consumer stops are not lost: the broker hands them to the next consumer.
func TestWhatLingersWhenTheConsumerStopsComesAgain(t *testing.T) {
	broker := amqp.Config{URL: testkit.AMQP(t)}
	bus := startWith(t, broker, lingering(time.Hour))
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		_ = bus.Consume(ctx, "thing", sizes(nil)) // a batch would block for ever
	}()
	publish(t, bus, ask(t, 1)...)
	drained(t, bus, "thing") // delivered, and lingering
	stop()
	<-stopped
	answers := newSeen()
	consume(t, startWith(t, broker, topology), "thing", answers)
	answers.await(t, 1)
}
