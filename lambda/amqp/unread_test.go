package amqp_test

import (
	"slices"
	"testing"

	"fxcore/lambda/amqp"
	"fxcore/lambda/testkit"
)

// An event of a type without readers is confirmed and dropped. A queue that is bound to the type all the same gets it.
func TestWhatNeedsNoReaderIsNotUnroutable(t *testing.T) {
	unread := topology
	unread.Queues = nil
	unread.Publishes = slices.Clone(topology.Publishes)
	for i, p := range unread.Publishes {
		unread.Publishes[i] = p.WithoutReaders()
	}
	bus := startWith(t, amqp.Config{URL: testkit.AMQP(t)}, unread)
	publish(t, bus, ask(t, 3)...)
	drained(t, bus, amqp.UnroutableQueue, amqp.ErrorQueue)

	if err := bus.Declare(t.Context(), later()); err != nil {
		t.Fatal(err)
	}
	publish(t, bus, ask(t, 3, 3)...)
	got := newSeen()
	consume(t, bus, "later", got)
	got.await(t, 3)
	drained(t, bus, amqp.UnroutableQueue, amqp.ErrorQueue)
}
