package amqp_test

import (
	"slices"
	"testing"
	"time"

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

// A report that nobody reads is dropped at once where no queue is bound, and after its expiry where one is.
func TestAReportExpires(t *testing.T) {
	reports := topology
	reports.Queues = nil
	reports.Publishes = slices.Clone(topology.Publishes)
	for i := range reports.Publishes {
		reports.Publishes[i].Expiry = time.Millisecond
	}
	bus := startWith(t, amqp.Config{URL: testkit.AMQP(t)}, reports)
	newest := later()
	newest.Newest = 10
	if err := bus.Declare(t.Context(), newest); err != nil {
		t.Fatal(err)
	}
	publish(t, bus, ask(t, 3)...)
	drained(t, bus, "later", amqp.UnroutableQueue, amqp.ErrorQueue)
}
