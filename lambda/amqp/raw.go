package amqp

import (
	"context"
	"errors"
	"fmt"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"
)

// Raw is one AMQP message as it is. It need not be an event.
type Raw struct {
	MessageID   string
	ContentType string
	RoutingKey  string
	Headers     map[string]any // texts, numbers, booleans, times, lists and maps of them
	Body        []byte
}

// ErrNoQueue means that a message cannot be put into a queue, because there is no such queue.
var ErrNoQueue = errors.New("there is no such queue")

// Collect hands a queue's messages to keep, in batches of what is there, until ctx ends. It is for what can be no event, such as the error
// queue. A batch is acknowledged once keep has returned nil. After an error Collect hands keep the same batch again, with a pause of a
// second, as long as the connection lasts; if that ends, the broker delivers the batch again. So keep must be idempotent. Collect returns nil
// when ctx ends.
func (b *Bus) Collect(ctx context.Context, queue string, keep func(ctx context.Context, batch []Raw) error) error {
	for ctx.Err() == nil {
		conn, err := b.consuming.wait(ctx)
		if err == nil {
			err = b.collectOn(ctx, conn, queue, keep)
		}
		if err != nil && ctx.Err() == nil {
			b.log.Warn("collector lost, starting again", "queue", queue, "error", err)
			pause(ctx, firstDelay)
		}
	}
	return nil
}

func (b *Bus) collectOn(ctx context.Context, conn *amqp091.Connection, queue string, keep func(context.Context, []Raw) error) error {
	s, err := b.subscribe(ctx, conn, queue, nil)
	if err != nil {
		return err
	}
	defer s.close(ctx)
	session, lost := b.session(ctx)
	defer lost()
	in := b.newIntake(queue, s.deliveries, lost)
	for {
		batch := in.take(ctx, session)
		if batch == nil {
			return fmt.Errorf("deliveries of %s ended", queue)
		}
		if err := b.kept(session, queue, batch, keep); err != nil {
			return err
		}
		if err := s.ch.Ack(batch[len(batch)-1].DeliveryTag, true); err != nil {
			return fmt.Errorf("acknowledge %s: %w", queue, err)
		}
	}
}

// kept returns nil once keep has the batch, or the session's error.
func (b *Bus) kept(session context.Context, queue string, batch []amqp091.Delivery, keep func(context.Context, []Raw) error) error {
	raw := make([]Raw, len(batch))
	for i, d := range batch {
		raw[i] = Raw{MessageID: d.MessageId, ContentType: d.ContentType, RoutingKey: d.RoutingKey, Headers: plainTable(d.Headers), Body: d.Body}
	}
	for {
		err := keep(session, raw)
		if err == nil || session.Err() != nil {
			return session.Err()
		}
		b.log.Warn("messages are not kept, trying again", "queue", queue, "error", err)
		pause(session, keepPause)
	}
}

const keepPause = time.Second

// Resend puts a message back into the queue in which it failed, and returns once the broker has confirmed it. Without the broker it waits until
// ctx ends; the broker may have the message all the same. Errors: ctx's, ErrStopped, ErrNoQueue.
func (b *Bus) Resend(ctx context.Context, queue string, r Raw) error {
	if _, _, err := b.Depth(ctx, queue); err != nil {
		var refused *amqp091.Error
		if errors.As(err, &refused) && refused.Code == amqp091.NotFound {
			err = fmt.Errorf("%w: %s", ErrNoQueue, queue)
		}
		return fmt.Errorf("put a message into %s: %w", queue, err)
	}
	msg := amqp091.Publishing{UserId: b.user(), DeliveryMode: amqp091.Persistent, MessageId: r.MessageID, ContentType: r.ContentType, Headers: r.Headers, Body: r.Body}
	confirmed := make(chan error, 1)
	b.publisher.send(ctx, []*parcel{{exchange: ReplayExchange, key: queue, msg: msg}}, func(err error) { confirmed <- err })
	select {
	case <-ctx.Done():
		return fmt.Errorf("put a message into %s: %w", queue, ctx.Err())
	case err := <-confirmed:
		return err
	}
}

// plainTable returns headers without the library's types.
func plainTable(t amqp091.Table) map[string]any {
	plain := make(map[string]any, len(t))
	for name, value := range t {
		plain[name] = plainValue(value)
	}
	return plain
}

func plainValue(value any) any {
	switch v := value.(type) {
	case amqp091.Table:
		return plainTable(v)
	case []any:
		list := make([]any, len(v))
		for i, one := range v {
			list[i] = plainValue(one)
		}
		return list
	case []byte:
		return string(v)
	}
	return value
}

// Failure is why a message is in the error queue, as its headers say.
type Failure struct {
	Queue      string // in which it failed; empty if it cannot be told
	RoutingKey string // under which it was published
	Reason     string
	Source     string // the replica that gave it up; empty if the broker did
	Attempts   int
	At         time.Time // zero if it cannot be told
}

// FailureOf reads why a message is in the error queue: a consumer gave it up, or the broker did after too many deliveries.
func FailureOf(r Raw) Failure {
	text := func(name string) string { s, _ := r.Headers[name].(string); return s }
	if queue := text(headerQueue); queue != "" {
		at, _ := time.Parse(time.RFC3339Nano, text(headerFailed))
		return Failure{
			Queue: queue, RoutingKey: text(headerKey), Reason: text(headerReason), Source: text(headerSource), Attempts: countOf(r, headerAttempt), At: at,
		}
	}
	f := Failure{Queue: text("x-first-death-queue"), RoutingKey: r.RoutingKey, Reason: "the broker gave it up: " + text("x-first-death-reason")}
	if deaths, ok := r.Headers["x-death"].([]any); ok && len(deaths) > 0 {
		death, _ := deaths[0].(map[string]any)
		f.At, _ = death["time"].(time.Time)
		if reason, ok := death["reason"].(string); ok && reason == "delivery_limit" {
			f.Attempts, f.Reason = deliveryLimit, unanswered(deliveryLimit).Error()
		}
	}
	if f.Queue == "" {
		f.Reason = "nobody says why it is here"
	}
	return f
}

func countOf(r Raw, header string) int {
	n, _ := r.Headers[header].(int32)
	return int(n)
}
