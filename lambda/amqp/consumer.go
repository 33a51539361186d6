package amqp

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/event"
	"fxcore/lambda/log"
)

// Handler handles events in batches. A batch is what is there, up to the configured bound; only a queue that lingers waits
// for more. Handle returns one Result per event, in the order of the events.
//
// ctx ends when the deliveries can no longer be acknowledged: the connection is lost, or a stopping consumer has used up its
// grace. Handle must then return early, and its results are thrown away. The broker delivers the events again, so a handler
// must be idempotent.
type Handler interface {
	Handle(ctx context.Context, events []event.Event) []Result
}

// HandlerFunc is a function as a Handler.
type HandlerFunc func(ctx context.Context, events []event.Event) []Result

// Handle calls f.
func (f HandlerFunc) Handle(ctx context.Context, events []event.Event) []Result {
	return f(ctx, events)
}

// Result is what one event led to. If Err is nil, the events in Emit are published, and once they are confirmed the event is
// acknowledged. An Err made by Retry brings the event back after a delay, a bounded number of times; one made by Wait does so without
// a bound. An Err made by Release ends the consumer: the results of the whole batch are thrown away, and the broker gives its events
// to another consumer. Any other Err puts the event into the error queue, with the reason. If Err is not nil, Emit is ignored.
type Result struct {
	Emit []event.Event
	Err  error
}

// Consume hands the queue's events to h until ctx ends, over as many connections as it takes. Batches are handled one
// after the other; their outcomes are confirmed while the next batch is handled. It returns nil when ctx ends.
//
// Where several replicas consume a queue, the broker prefers one of them (ADR 14), by its rank. The others get what that one
// has no room for, and everything once it is gone.
//
// Errors: the queue is a stream, which is read by Follow; the error that h has marked by Release.
func (b *Bus) Consume(ctx context.Context, queue string, h Handler) error {
	return b.ConsumeFirst(ctx, queue, rank(queue, b.source), h)
}

// ConsumeFirst is Consume with a given rank: the broker prefers the consumer with the highest one.
func (b *Bus) ConsumeFirst(ctx context.Context, queue string, rank int64, h Handler) error {
	if q, ok := b.declared().queue(queue); ok && q.IsStream() {
		return fmt.Errorf("consume %s: it is a stream, which is read by Follow", queue)
	}
	for ctx.Err() == nil {
		conn, err := b.consuming.wait(ctx)
		if err == nil {
			err = b.consumeOn(ctx, conn, queue, rank, h)
		}
		if Released(err) {
			return err
		}
		if err != nil && ctx.Err() == nil {
			b.log.Warn("consumer lost, starting again", "queue", queue, "error", err)
			pause(ctx, firstDelay)
		}
	}
	return nil
}

// consumeOn consumes on one channel of one connection until either ends or ctx does.
func (b *Bus) consumeOn(ctx context.Context, conn *amqp091.Connection, queue string, rank int64, h Handler) error {
	s, err := b.subscribe(ctx, conn, queue, amqp091.Table{"x-priority": rank})
	if err != nil {
		return err
	}
	defer s.close(ctx)
	session, lost := b.session(ctx)
	defer lost()
	in := b.newIntake(queue, s.deliveries, lost)
	out := newSettler(b, queue, s.ch)
	defer out.wait(session)
	for {
		batch := in.take(ctx, session)
		if batch == nil {
			return fmt.Errorf("deliveries of %s ended", queue)
		}
		began := time.Now()
		for _, part := range apart(batch) {
			if err := b.handle(session, out, part, h); err != nil {
				return err
			}
		}
		b.rest(ctx, session, queue, time.Since(began))
	}
}

// apart splits a batch: a message that has come back twice is handled alone. Two consumers may have died of the batch as a whole, for which
// there was not enough memory; nobody dies of its parts.
func apart(batch []amqp091.Delivery) (parts [][]amqp091.Delivery) {
	from := 0
	for i, d := range batch {
		if deliveriesOf(d) < suspect {
			continue
		}
		if i > from {
			parts = append(parts, batch[from:i])
		}
		parts = append(parts, batch[i:i+1])
		from = i + 1
	}
	if from < len(batch) {
		parts = append(parts, batch[from:])
	}
	return parts
}

// suspect is the number of deliveries without an answer from which on a message is handled alone.
const suspect = 2

// prefetch is how many messages of a queue the broker sends ahead. It grows with the queue's own batches, up to a bound: a message may
// hold many events, and all that are sent ahead are in memory.
func (b *Bus) prefetch(queue string) int {
	return max(b.cfg.Prefetch, min(maxPrefetch, b.cfg.Prefetch*b.declared().own(queue)/b.cfg.MaxBatch))
}

// maxPrefetch bounds what a queue's own batches make of the prefetch. The protocol's field has 16 bits, and 0 there is no limit.
const maxPrefetch = 2_048

// session is the context of handlers and of their outcomes. It ends with lost, or when the grace has passed after the end
// of ctx.
func (b *Bus) session(ctx context.Context) (session context.Context, lost func()) {
	session, end := context.WithCancel(context.WithoutCancel(ctx))
	stopping := context.AfterFunc(ctx, func() {
		grace := time.AfterFunc(b.cfg.StopGrace, end)
		context.AfterFunc(session, func() { grace.Stop() })
	})
	return session, func() {
		stopping()
		end()
	}
}

// handle decodes a batch, lets h handle it and hands the outcomes to the settler. After an
// error the caller closes the channel, and the broker delivers again what was not acknowledged.
func (b *Bus) handle(ctx context.Context, out *settler, batch []amqp091.Delivery, h Handler) error {
	started := time.Now()
	events, from := decode(batch, out)
	var results []Result
	if len(events) > 0 {
		results = inParts(ctx, h, events, b.declared().own(out.queue))
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("handle %s: %w", out.queue, err) // the broker redelivers
		}
		if err := released(out.queue, results); err != nil {
			return err
		}
	}
	if len(results) != len(events) {
		panic(fmt.Sprintf("handler of %s gave %d results for %d events", out.queue, len(results), len(events)))
	}
	stamp(results, events, b.source, started)
	b.logHandled(ctx, out.queue, events, results)
	return out.settle(ctx, batch, from, events, results)
}

// logHandled tells of each event that was handled, and what it led to, where somebody looks that closely.
func (b *Bus) logHandled(ctx context.Context, queue string, events []event.Event, results []Result) {
	if !b.log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	for i, r := range results {
		var emitted []string
		for _, e := range r.Emit {
			emitted = append(emitted, e.Type.Name)
		}
		if r.Err == nil {
			b.log.DebugContext(ctx, "event handled", log.About(events[i]), "queue", queue, "emitted", strings.Join(emitted, " "))
		}
	}
}

// inParts hands at most so many events at once to a handler, all of them if most is 0. A message may bring more than that.
func inParts(ctx context.Context, h Handler, events []event.Event, most int) (results []Result) {
	if most == 0 {
		return survived(ctx, h, events)
	}
	for part := range slices.Chunk(events, most) {
		results = append(results, survived(ctx, h, part)...)
	}
	return results
}

// survived is Handle that does not end the process when the handler panics: the broker would give the same batch to the next replica, and
// so on. The events of a batch are then handled one by one, and the one that makes the handler panic alone goes to the error queue.
func survived(ctx context.Context, h Handler, events []event.Event) []Result {
	results, fault := caught(ctx, h, events)
	switch {
	case fault == nil:
		return results
	case len(events) == 1:
		return []Result{{Err: fault}}
	}
	results = nil
	for i := range events {
		one, fault := caught(ctx, h, events[i:i+1])
		if fault != nil {
			one = []Result{{Err: fault}}
		}
		results = append(results, one...)
	}
	return results
}

func caught(ctx context.Context, h Handler, events []event.Event) (results []Result, fault error) {
	defer func() {
		if p := recover(); p != nil {
			results, fault = nil, fmt.Errorf("the handler panicked: %v", p)
		}
	}()
	return h.Handle(ctx, events), nil
}

// decode flattens the deliveries into events. from holds the index of each event's delivery. The settler sends a message that
// cannot be read to the error queue.
func decode(batch []amqp091.Delivery, out *settler) (events []event.Event, from []int) {
	guard := out.bus.guard(out.queue)
	for i, d := range batch {
		if n := deliveriesOf(d); n >= lastDelivery {
			out.exhausted(d, n)
			continue
		}
		decoded, err := guard.read(d)
		if err != nil {
			out.unreadable(d, err)
			continue
		}
		for _, e := range decoded {
			events = append(events, e)
			from = append(from, i)
		}
	}
	return events, from
}

// stamp fills in the time and the source of emitted events, where the handler has left them empty. An effect is never earlier
// than its cause: if the publisher of the cause goes by a clock that is ahead of the machine's, the effect follows that clock.
func stamp(results []Result, causes []event.Event, source string, started time.Time) {
	now := time.Now().UTC()
	for i, r := range results {
		ahead := max(0, causes[i].Time.Sub(now))
		for j := range r.Emit {
			if r.Emit[j].Time.IsZero() {
				r.Emit[j].Time, r.Emit[j].Started, r.Emit[j].Source = now.Add(ahead), started.UTC().Add(ahead), source
			}
		}
	}
}
