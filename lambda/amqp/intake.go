package amqp

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"
)

// intake buffers deliveries, so that a consumer can take all that are there at once: the library's delivery channel has no
// buffer. The prefetch bounds the intake.
type intake struct {
	mu      sync.Mutex
	waiting []amqp091.Delivery
	hurried bool          // whether an urgent one is among them
	some    chan struct{} // holds a token while waiting is not empty
	linger  time.Duration // how long take waits for more
	urgency Urgency
	most    int // events that take returns, at most
	enough  int // deliveries for which it does not wait longer
}

// newIntake starts to read deliveries of a queue, and calls lost when their channel is closed.
func (b *Bus) newIntake(queue string, deliveries <-chan amqp091.Delivery, lost func()) *intake {
	q, _ := b.declared().queue(queue)
	in := &intake{
		some: make(chan struct{}, 1), linger: q.Linger, urgency: q.Urgency, most: max(b.cfg.MaxBatch, q.MaxBatch),
		enough: b.prefetch(queue) / 2, // below the prefetch, at which the broker sends no more
	}
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
	in.hurried = in.hurried || in.urgency.of(d)
	in.mu.Unlock()
	in.signal()
}

func (in *intake) signal() {
	select {
	case in.some <- struct{}{}:
	default:
	}
}

// take waits for at least one delivery and returns all that are there, as long as they hold no more than about most
// events. It returns nil when ctx has ended (the consumer is to stop) or session has (the channel is lost).
func (in *intake) take(ctx, session context.Context) []amqp091.Delivery {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-session.Done():
			return nil
		case <-in.some:
			in.gather(ctx, session)
		}
		if ctx.Err() != nil || session.Err() != nil {
			return nil
		}
		if batch := in.first(); len(batch) > 0 {
			return batch
		}
	}
}

// gather waits for more deliveries until the batch is full or the linger time is over. An urgent delivery makes that time shorter.
func (in *intake) gather(ctx, session context.Context) {
	if in.linger == 0 {
		return
	}
	begun := time.Now()
	patience := time.NewTimer(in.linger)
	defer patience.Stop()
	for hurries := false; ; {
		full, urgent := in.state()
		if full {
			return
		}
		if urgent && !hurries {
			hurries = true
			patience.Reset(min(in.linger, in.urgency.Linger) - time.Since(begun))
		}
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

// state tells whether the deliveries that wait fill a batch, and whether one of them is urgent.
func (in *intake) state() (full, urgent bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	events := 0
	for _, d := range in.waiting {
		events += eventsIn(d)
	}
	return len(in.waiting) >= in.enough || events >= in.most, in.hurried
}

func (in *intake) first() []amqp091.Delivery {
	in.mu.Lock()
	defer in.mu.Unlock()
	n := deliveriesFor(in.waiting, in.most)
	batch := in.waiting[:n:n]
	in.waiting = in.waiting[n:]
	in.hurried = slices.ContainsFunc(in.waiting, in.urgency.of)
	if len(in.waiting) > 0 {
		in.signal()
	}
	return batch
}

// of tells by the routing key whether somebody waits for a delivery.
func (u Urgency) of(d amqp091.Delivery) bool {
	return u.Origin != "" && strings.HasSuffix(d.RoutingKey, "."+u.Origin)
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
