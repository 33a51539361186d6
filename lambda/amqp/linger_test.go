package amqp_test

import (
	"context"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
)

// lingering is the topology with patience at the queue of questions.
func lingering(d time.Duration) amqp.Topology {
	t := topology
	t.Queues = append([]amqp.Queue(nil), topology.Queues...)
	t.Queues[0].Linger = d
	return t
}

// sizes hands on the size of each batch.
func sizes(batches chan<- int) amqp.HandlerFunc {
	return func(_ context.Context, events []event.Event) []amqp.Result {
		batches <- len(events)
		return make([]amqp.Result, len(events))
	}
}

// One event after the other comes while the batch lingers, however long that takes; a full one lingers no more.
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

// What lingers when the consumer is told to stop is not lost: the broker hands it to the next one.
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
