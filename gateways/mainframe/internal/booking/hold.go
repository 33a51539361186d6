package booking

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

// Consume books what the queue holds until ctx ends. A batch that has waited for the host for as long as hold is given
// back to the broker with everything behind it, in order, and fetched again, by this replica or another: RabbitMQ takes a
// delivery for lost after its consumer timeout (30 minutes by default) and closes the channel, so hold must be well below.
func (b *Booker) Consume(ctx context.Context, bus Consumer, queue string, hold time.Duration) error {
	for ctx.Err() == nil {
		session, giveBack := context.WithCancel(ctx)
		err := bus.Consume(session, queue, amqp.HandlerFunc(func(ctx context.Context, events []event.Event) []amqp.Result {
			late := time.AfterFunc(hold, giveBack)
			defer late.Stop()
			return b.Handle(ctx, events)
		}))
		giveBack()
		if err != nil {
			return err
		}
	}
	return nil
}
