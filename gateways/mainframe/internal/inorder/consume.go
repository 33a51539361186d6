package inorder

import (
	"context"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

// Consumer hands a queue's events to a handler until ctx ends, as amqp.Bus does.
type Consumer interface {
	Consume(ctx context.Context, queue string, h amqp.Handler) error
}

// Consume handles the events of a queue until ctx ends. A batch may wait for the host for maxWait. Then Consume gives the
// batch, and all that is prefetched behind it, back to the broker in order. This replica or another fetches them again.
//
// RabbitMQ closes a channel whose delivery is not acknowledged within its consumer timeout (30 minutes by default). So
// maxWait must be well below that.
func (h *Handler) Consume(ctx context.Context, bus Consumer, queue string, maxWait time.Duration) error {
	for ctx.Err() == nil {
		session, giveBack := context.WithCancel(ctx)
		err := bus.Consume(session, queue, amqp.HandlerFunc(func(ctx context.Context, events []event.Event) []amqp.Result {
			late := time.AfterFunc(maxWait, giveBack)
			defer late.Stop()
			return h.Handle(ctx, events)
		}))
		giveBack()
		if err != nil {
			return err
		}
	}
	return nil
}
