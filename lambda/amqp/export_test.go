package amqp

import (
	"context"
	"errors"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/follow"
)

// PublishBy makes the bus publish through another address than it consumes from. It must be called before Run.
func (b *Bus) PublishBy(url string) { b.producing.url = follow.Always(url) }

// SubscribeWithin sets how long the broker may take to let a consumer begin. It must be called before Consume.
func (b *Bus) SubscribeWithin(bound time.Duration) { b.subscribeBound = bound }

// Get takes one message from a queue and acknowledges it.
func (b *Bus) Get(ctx context.Context, queue string) (amqp091.Delivery, error) {
	conn, err := b.consuming.wait(ctx)
	if err != nil {
		return amqp091.Delivery{}, err
	}
	ch, err := conn.Channel()
	if err != nil {
		return amqp091.Delivery{}, err
	}
	defer func() { _ = ch.Close() }()
	d, ok, err := ch.Get(queue, true)
	if err == nil && !ok {
		err = errors.New("empty")
	}
	return d, err
}
