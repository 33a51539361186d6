package run

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/inbox"
)

// Inbox handles each event of a program's queues exactly once, see package [inbox].
type Inbox struct {
	app   *App
	bus   *amqp.Bus
	pool  *pgxpool.Pool
	clock func() time.Time
}

// Inbox returns the program's inbox, whose table lies in the pool's schema. Handled events are forgotten when they are
// older than the retention. Steps without a clock of their own are handed the time of the settings' clock.
func (a *App) Inbox(bus *amqp.Bus, pool *pgxpool.Pool, cfg inbox.Config) Inbox {
	a.Go("inbox retention", func(ctx context.Context) error {
		return inbox.Purge(ctx, pool, cfg, a.Log)
	})
	return Inbox{a, bus, pool, cfg.Clock}
}

// Handling makes the handler of a queue. It is [inbox.Steps], for any type of shared state.
type Handling interface {
	HandlerBy(clock func() time.Time, pool *pgxpool.Pool, source string, log *slog.Logger) amqp.Handler
}

// Consume hands the queue's events to its steps for as long as the program runs, and counts them like [App.Consume].
func (in Inbox) Consume(queue string, steps Handling) {
	in.app.Consume(in.bus, queue, steps.HandlerBy(in.clock, in.pool, in.app.Source, in.app.Log))
}
