package amqp

import (
	"context"
	"sync"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"
)

// intake drains the library's unbuffered delivery channel, so that a consumer can take all that is there at once. The
// prefetch bounds it.
type intake struct {
	mu      sync.Mutex
	waiting []amqp091.Delivery
	some    chan struct{} // holds a token while waiting is not empty
	linger  time.Duration // how long take waits for more
	most    int           // deliveries for which it does not
}

// newIntake starts draining; lost is called when the channel of deliveries ends. See Queue.Linger for linger; most bounds
// the deliveries that it gathers, so that the prefetch never holds up the broker meanwhile.
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

// take waits for at least one delivery and returns all that are there, as far as their events stay within about
// maxEvents. nil means that ctx (told to stop) or session (channel lost) has ended.
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

// gather lingers while there is room for more in a batch.
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

// deliveriesFor counts the deliveries whose events fit into maxEvents, at least one.
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

// eventsIn is about the number of events in a message: it is not known before the message is decoded, but its size is a
// good measure.
func eventsIn(d amqp091.Delivery) int { return max(1, len(d.Body)/typicalEventBytes) }

const typicalEventBytes = 1_500
