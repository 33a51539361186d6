package watch

import (
	"context"
	"errors"
	"fmt"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"

	"fxcore/scripts/dev/fxcore/internal/server"
)

// broker reads the depth of queues by passive declaration. It keeps its connection.
type broker struct {
	url     string
	conn    *amqp.Connection
	channel *amqp.Channel
}

// depths returns the queues that exist, with their depth.
func (b *broker) depths(ctx context.Context, names []string) ([]Queue, error) {
	var queues []Queue
	for _, name := range names {
		if err := b.open(ctx); err != nil {
			return queues, err
		}
		q, err := b.channel.QueueDeclarePassive(name, true, false, false, false, nil)
		if missing(err) {
			b.channel = nil // after a declaration of a missing queue, the broker closes the channel
			continue
		}
		if err != nil {
			b.close()
			return queues, fmt.Errorf("look at queue %s: %w", name, err)
		}
		queues = append(queues, Queue{Name: name, Messages: q.Messages, Consumers: q.Consumers})
	}
	return queues, nil
}

func missing(err error) bool {
	var answer *amqp.Error
	return errors.As(err, &answer) && answer.Code == amqp.NotFound
}

func (b *broker) open(ctx context.Context) (err error) {
	if b.conn == nil || b.conn.IsClosed() {
		b.channel = nil
		if b.conn, err = server.DialAMQP(ctx, b.url); err != nil {
			return fmt.Errorf("connect to RabbitMQ: %w", err)
		}
	}
	if b.channel == nil || b.channel.IsClosed() {
		if b.channel, err = b.conn.Channel(); err != nil {
			b.close()
			return fmt.Errorf("open channel: %w", err)
		}
	}
	return nil
}

func (b *broker) close() {
	if b.conn != nil {
		_ = b.conn.CloseDeadline(time.Now().Add(time.Second))
	}
	b.conn, b.channel = nil, nil
}
