package amqp

import (
	"context"
	"sync"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"
)

// intake buffers deliveries, so that a consumer can take all that are there at once: the library's delivery channel has no
// buffer. The prefetch bounds the intake.
type intake struct {
	mu      sync.Mutex
	waiting []amqp091.Delivery
	some    chan struct{} // holds a token while waiting is not empty
	linger  time.Duration // how long take waits for more
	most    int           // with so many deliveries it does not wait
}

// newIntake starts to read deliveries, and calls lost when their channel is closed. linger is that of the queue. most bounds
// the deliveries that linger waits for: it must be below the prefetch, at which the broker sends no more.
func newIntake(deliveries <-chan amqp091.Delivery, lost func(), linger time.Duration, most int) *intake {
	in := &intake{some: make(chan struct{}, 1), linger: linger, most: most}
	go func() {
		defer lost()
		for d := range deliveries {
			in.put(d)
		}
	}()
	return in
}

func (in *intake) put(d amqp091.Delivery) {
	in.mu.Lock()
	in.waiting = append(in.waiting, d)
	in.mu.Unlock()
	in.signal()
}

func (in *intake) signal() {
	select {
	case in.some <- struct{}{}:
	default:
	}
}

// take waits for at least one delivery and returns all that are there, as long as they hold no more than about maxEvents
// events. It returns nil when ctx has ended (the consumer is to stop) or session has (the channel is lost).
func (in *intake) take(ctx, session context.Context, maxEvents int) []amqp091.Delivery {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-session.Done():
			return nil
		case <-in.some:
			in.gather(ctx, session, maxEvents)
		}
		if ctx.Err() != nil || session.Err() != nil {
			return nil
		}
		if batch := in.first(maxEvents); len(batch) > 0 {
			return batch
		}
	}
}

// gather waits for more deliveries until the batch is full or the linger time is over.
func (in *intake) gather(ctx, session context.Context, maxEvents int) {
	if in.linger == 0 {
		return
	}
	patience := time.NewTimer(in.linger)
	defer patience.Stop()
	for !in.full(maxEvents) {
		select {
		case <-ctx.Done():
			return
		case <-session.Done():
			return
		case <-patience.C:
			return
		case <-in.some:
		}
	}
}

func (in *intake) full(maxEvents int) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	events := 0
	for _, d := range in.waiting {
		events += eventsIn(d)
	}
	return len(in.waiting) >= in.most || events >= maxEvents
}

func (in *intake) first(maxEvents int) []amqp091.Delivery {
	in.mu.Lock()
	defer in.mu.Unlock()
	n := deliveriesFor(in.waiting, maxEvents)
	batch := in.waiting[:n:n]
	in.waiting = in.waiting[n:]
	if len(in.waiting) > 0 {
		in.signal()
	}
	return batch
}

// deliveriesFor tells how many of the first deliveries fit into maxEvents; at least one.
func deliveriesFor(waiting []amqp091.Delivery, maxEvents int) int {
	events := 0
	for i, d := range waiting {
		events += eventsIn(d)
		if i > 0 && events > maxEvents {
			return i
		}
	}
	return len(waiting)
}

// eventsIn estimates the number of events in a message by its size: the number is known only once the message is decoded.
func eventsIn(d amqp091.Delivery) int { return max(1, len(d.Body)/typicalEventBytes) }

const typicalEventBytes = 1_500
