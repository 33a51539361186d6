package main

import (
	"context"
	"errors"
	"fmt"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/amqp"
)

// publish sends bytes that are no event.
func (c *core) publish(ctx context.Context, exchange, key string) error {
	conn, err := amqp091.Dial(c.record.URLs["admin_amqp"])
	if err != nil {
		return errors.New("the broker does not let us in") // not quoted: the address has a password
	}
	defer func() { _ = conn.Close() }()
	ch, err := conn.Channel()
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	if err := ch.PublishWithContext(ctx, exchange, key, false, false, amqp091.Publishing{ContentType: "text/plain", Body: []byte("no event")}); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return ch.Close()
}

func poison(ctx context.Context, c *core) (func(context.Context) error, error) {
	return func(ctx context.Context) error { return c.discard(ctx) }, c.publish(ctx, "", "responsibility")
}

func unroutable(ctx context.Context, c *core) (func(context.Context) error, error) {
	mend := func(context.Context) error {
		conn, err := amqp091.Dial(c.record.URLs["admin_amqp"])
		if err != nil {
			return errors.New("the broker does not let us in")
		}
		defer func() { _ = conn.Close() }()
		ch, err := conn.Channel()
		if err == nil {
			_, err = ch.QueuePurge(amqp.UnroutableQueue, false)
		}
		return err
	}
	return mend, c.publish(ctx, "fx.trade", "trade.nobody_reads_this")
}
