package amqp

import (
	"context"
	"errors"
	"fmt"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"
)

// closeBudget bounds the wait for the broker's answer when a channel or a connection is closed.
const closeBudget = time.Second

// subscribeBound bounds the wait until the broker lets a consumer begin. It is long, because a broker that has just started
// may be busy with hundreds of queues.
const subscribeBound = 30 * time.Second

// ask runs call, which waits for the broker, and returns its result, or ctx's error as soon as ctx ends. The library's
// calls take no context: when ctx ends first, call goes on in its goroutine until the broker answers or the connection
// ends. A result that comes too late is handed to drop, which may be nil.
func ask[T any](ctx context.Context, call func() (T, error), drop func(T)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer)
	go func() {
		value, err := call()
		select {
		case answers <- answer{value, err}:
		case <-ctx.Done():
			if err == nil && drop != nil {
				drop(value)
			}
		}
	}()
	select {
	case a := <-answers:
		return a.value, a.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// do is ask for a call without a result.
func do(ctx context.Context, call func() error) error {
	_, err := ask(ctx, func() (struct{}, error) { return struct{}{}, call() }, nil)
	return err
}

// subscription is one consumer on a channel of its own.
type subscription struct {
	ch         *amqp091.Channel
	deliveries <-chan amqp091.Delivery
}

// subscribe opens a channel and consumes on it, with the configured prefetch. The caller closes the subscription. Errors: the
// broker's, ctx's, and that the broker does not answer within the bound.
func (b *Bus) subscribe(ctx context.Context, conn *amqp091.Connection, queue string, args amqp091.Table) (subscription, error) {
	bounded, cancel := context.WithTimeoutCause(ctx, b.subscribeBound, errUnanswered)
	defer cancel()
	s, err := ask(bounded, func() (subscription, error) {
		ch, err := conn.Channel()
		if err != nil {
			return subscription{}, fmt.Errorf("open consuming channel: %w", err)
		}
		s := subscription{ch: ch}
		if err = ch.Qos(b.prefetch(queue), 0, false); err == nil {
			s.deliveries, err = ch.Consume(queue, b.source, false, false, false, false, args)
		}
		if err != nil {
			s.close(ctx)
			return subscription{}, fmt.Errorf("consume %s: %w", queue, err)
		}
		return s, nil
	}, func(late subscription) { late.close(ctx) })
	if err != nil && errors.Is(context.Cause(bounded), errUnanswered) {
		err = fmt.Errorf("consume %s: %w in %v", queue, errUnanswered, b.subscribeBound)
	}
	return s, err
}

var errUnanswered = errors.New("the broker does not answer")

// close returns when the broker has answered, or after closeBudget. It does so even when ctx has ended.
func (s subscription) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeBudget)
	defer cancel()
	_ = do(ctx, s.ch.Close)
}

// discard ends a connection: it waits for the broker's answer, but no longer than closeBudget. All calls that wait on the
// connection then return.
func discard(conn *amqp091.Connection) { _ = conn.CloseDeadline(time.Now().Add(closeBudget)) }
