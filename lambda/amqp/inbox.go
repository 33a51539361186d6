package amqp

import (
	"context"
	"sync"

	amqp091 "github.com/rabbitmq/amqp091-go"
)

// inbox drains the library's unbuffered delivery channel, so that a consumer can take all that is there at once. The
// prefetch bounds it.
type inbox struct {
	mu      sync.Mutex
	waiting []amqp091.Delivery
	some    chan struct{} // holds a token while waiting is not empty
}

// newInbox starts draining; lost is called when the channel of deliveries ends.
func newInbox(deliveries <-chan amqp091.Delivery, lost func()) *inbox {
	in := &inbox{some: make(chan struct{}, 1)}
	go func() {
		defer lost()
		for d := range deliveries {
			in.put(d)
		}
	}()
	return in
}

func (in *inbox) put(d amqp091.Delivery) {
	in.mu.Lock()
	in.waiting = append(in.waiting, d)
	in.mu.Unlock()
	in.signal()
}

func (in *inbox) signal() {
	select {
	case in.some <- struct{}{}:
	default:
	}
}

// take waits for at least one delivery and returns all that are there, as far as their events stay within about
// maxEvents. nil means that ctx (told to stop) or session (channel lost) has ended.
func (in *inbox) take(ctx, session context.Context, maxEvents int) []amqp091.Delivery {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-session.Done():
			return nil
		case <-in.some:
		}
		if ctx.Err() != nil || session.Err() != nil {
			return nil
		}
		if batch := in.first(maxEvents); len(batch) > 0 {
			return batch
		}
	}
}

func (in *inbox) first(maxEvents int) []amqp091.Delivery {
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

// deliveriesFor counts the deliveries whose events fit into maxEvents, at least one. The number of events in a message
// is not known before it is decoded; its size is a good measure.
func deliveriesFor(waiting []amqp091.Delivery, maxEvents int) int {
	events := 0
	for i, d := range waiting {
		events += max(1, len(d.Body)/typicalEventBytes)
		if i > 0 && events > maxEvents {
			return i
		}
	}
	return len(waiting)
}

const typicalEventBytes = 1_500
