package amqp

import (
	"errors"
	"log/slog"
	"testing"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/event"
)

// What waits comes back after 1 s, 2 s, 4 s … and at most 30 s. What is tried again, and what waits in a queue where few can wait, rests for
// a second.
func TestPausesGrowWhereManyMayWait(t *testing.T) {
	t.Parallel()
	failed := errors.New("not yet")
	for _, c := range []struct {
		queue  string
		waited int32 // before
		err    error
		rests  string
	}{
		{"many", 0, Wait(failed), "many.retry"},
		{"many", 1, Wait(failed), "many.wait.2s"},
		{"many", 2, Wait(failed), "many.wait.4s"},
		{"many", 3, Wait(failed), "many.wait.8s"},
		{"many", 4, Wait(failed), "many.wait.16s"},
		{"many", 5, Wait(failed), "many.wait.30s"},
		{"many", 6, Wait(failed), "many.wait.30s"},
		{"many", 1_000_000, Wait(failed), "many.wait.30s"},
		{"many", 5, Retry(failed), "many.retry"},
		{"few", 5, Wait(failed), "few.retry"},
	} {
		topology := Topology{Queues: []Queue{{Name: "many", Waits: true}, {Name: "few"}}}
		bus := Open(Config{Attempts: 3}, topology, "thing/1", slog.New(slog.DiscardHandler))
		d := amqp091.Delivery{Headers: amqp091.Table{headerWaited: c.waited}}
		p := newSettler(bus, c.queue, nil).failed(d, event.Event{}, c.err)
		if p.exchange != RestExchange || p.key != c.rests {
			t.Errorf("%s, %d times, %v: rests in %q, want %q", c.queue, c.waited, c.err, p.key, c.rests)
		}
	}
}

// Each pause is that of its queue, so nothing stands behind an event with a longer one.
func TestTheEventsOfAQueueRestEquallyLong(t *testing.T) {
	t.Parallel()
	want := map[string]int64{
		"many.retry": 1_000, "many.wait.2s": 2_000, "many.wait.4s": 4_000, "many.wait.8s": 8_000, "many.wait.16s": 16_000, "many.wait.30s": 30_000,
	}
	for _, q := range queuesOf(Queue{Name: "many", Waits: true}) {
		pause, rests := want[q.Name]
		delete(want, q.Name)
		if rests && (q.Arguments["x-message-ttl"] != pause || q.Arguments["x-dead-letter-routing-key"] != "many") {
			t.Errorf("%s: %v", q.Name, q.Arguments)
		}
	}
	if len(want) > 0 {
		t.Errorf("not declared: %v", want)
	}
}
