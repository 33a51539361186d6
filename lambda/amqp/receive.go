package amqp

import (
	"context"
	"fmt"

	amqp091 "github.com/rabbitmq/amqp091-go"
)

// Receiver takes posts, in their order. It returns nil once it no longer needs them: they are then acknowledged. After an error it gets
// the same posts again, and later ones wait. ctx ends when the posts can no longer be acknowledged.
type Receiver func(ctx context.Context, posts []Post) error

// Receive hands the messages of a queue, which are no events, to receive until ctx ends. It uses as many connections as it takes. A post
// may come more than once, also to another replica. It returns nil.
func (b *Bus) Receive(ctx context.Context, queue string, receive Receiver) error {
	for ctx.Err() == nil {
		conn, err := b.consuming.wait(ctx)
		if err == nil {
			err = b.receiveOn(ctx, conn, queue, receive)
		}
		if err != nil && ctx.Err() == nil {
			b.log.Warn("receiver lost, starting again", "queue", queue, "error", err)
			pause(ctx, firstDelay)
		}
	}
	return nil
}

// receiveOn receives on one channel of one connection until either ends or ctx does.
func (b *Bus) receiveOn(ctx context.Context, conn *amqp091.Connection, queue string, receive Receiver) error {
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
		if err := untilReceived(ctx, session, postsOf(batch), receive, b); err != nil {
			return err
		}
		if err := s.ch.Ack(batch[len(batch)-1].DeliveryTag, true); err != nil {
			return fmt.Errorf("acknowledge: %w", err)
		}
	}
}

// untilReceived calls receive until it succeeds. Errors: ctx's or session's, whichever ends.
func untilReceived(ctx, session context.Context, posts []Post, receive Receiver, b *Bus) error {
	for delay := firstDelay; ; delay = min(2*delay, b.cfg.MaxDelay) {
		err := receive(session, posts)
		switch {
		case err == nil:
			return nil
		case session.Err() != nil:
			return session.Err()
		case ctx.Err() != nil: // stopping: the broker gives the posts to another replica
			return ctx.Err()
		}
		pause(ctx, delay)
	}
}

func postsOf(batch []amqp091.Delivery) []Post {
	posts := make([]Post, len(batch))
	for i, d := range batch {
		posts[i] = Post{ID: d.MessageId, MediaType: d.ContentType, Body: d.Body, Time: d.Timestamp.UTC()}
	}
	return posts
}
