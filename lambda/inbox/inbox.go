package inbox

import (
	"context"
	"embed"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/log"
)

// Migrations creates the inbox table. A service runs them in its own schema, before its own.
//
//go:embed migrations/*.sql facts.txt
var Migrations embed.FS

// Bounds of the runner.
const (
	transactionBudget = 15 * time.Second // one batch, from begin to commit
	probeBudget       = 5 * time.Second  // a small transaction beside one that was too slow
	firstDelay        = 50 * time.Millisecond
	maxDelay          = time.Second
	aloneTries        = 5 // of one event whose transaction lost against another one
)

// Handler returns the message handler of the queue. source is stamped on what the steps emit.
func (s Steps[S]) Handler(pool *pgxpool.Pool, source string, log *slog.Logger) amqp.Handler {
	if s.Clock == nil {
		s.Clock = time.Now
	}
	return &runner[S]{pool: pool, steps: s, source: source, log: log, budget: transactionBudget}
}

// HandlerBy is Handler with a clock for steps that have none of their own.
func (s Steps[S]) HandlerBy(clock func() time.Time, pool *pgxpool.Pool, source string, log *slog.Logger) amqp.Handler {
	if s.Clock == nil {
		s.Clock = clock
	}
	return s.Handler(pool, source, log)
}

type runner[S Batch] struct {
	pool   *pgxpool.Pool
	steps  Steps[S]
	source string
	log    *slog.Logger
	budget time.Duration // of one batch, from begin to commit
}

// Handle handles those events of a batch that are ours, and leaves out the others.
func (r *runner[S]) Handle(ctx context.Context, events []event.Event) []amqp.Result {
	if r.steps.Ours == nil {
		return r.handle(ctx, events)
	}
	var ours []event.Event
	var at []int
	for i, e := range events {
		if r.steps.Ours(e) {
			ours, at = append(ours, e), append(at, i)
		}
	}
	results := make([]amqp.Result, len(events))
	if len(ours) > 0 {
		for i, result := range r.handle(ctx, ours) {
			results[at[i]] = result
		}
	}
	return results
}

// handle runs the batch in one transaction, or each half of it where that fails, down to single events. While Postgres is away it waits.
func (r *runner[S]) handle(ctx context.Context, events []event.Event) []amqp.Result {
	results, err := r.untilThere(ctx, events)
	if err == nil || ctx.Err() != nil {
		return padded(results, len(events))
	}
	if len(events) == 1 {
		if isConflict(err) {
			return []amqp.Result{r.alone(ctx, events)}
		}
		return []amqp.Result{{Err: err}}
	}
	r.log.Debug("batch failed, handling it in halves", "events", len(events), "error", err)
	half := len(events) / 2
	return append(r.handle(ctx, events[:half]), r.handle(ctx, events[half:])...)
}

// untilThere runs the transaction again for as long as Postgres is away. A batch that has used up its time while Postgres commits
// others is at fault itself: its events are tried again a bounded number of times, and hold up no other event meanwhile.
func (r *runner[S]) untilThere(ctx context.Context, events []event.Event) ([]amqp.Result, error) {
	if len(events) == 1 {
		ctx = log.Into(ctx, events[0])
	}
	delay := firstDelay
	for {
		results, err := r.transact(ctx, events)
		switch {
		case err == nil || ctx.Err() != nil:
			return results, err
		case isSlow(err) && r.commits(ctx):
			return nil, amqp.Retry(err)
		case !isSlow(err) && !isAway(err):
			return nil, err
		}
		r.log.WarnContext(ctx, "database away, waiting", "error", err, "delay", delay.String())
		pause(ctx, delay)
		delay = min(2*delay, maxDelay)
	}
}

// commits tells whether Postgres commits a small transaction now. The transaction writes to the log, so a full disk or a standby that
// is away count as no.
func (r *runner[S]) commits(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, probeBudget)
	defer cancel()
	_, err := r.pool.Exec(ctx, "select pg_logical_emit_message(true, 'inbox', ''::text)")
	return err == nil
}

// alone handles one event; losing against a concurrent transaction is no fault of the event's.
func (r *runner[S]) alone(ctx context.Context, one []event.Event) amqp.Result {
	for try := 1; ; try++ {
		results, err := r.untilThere(ctx, one)
		switch {
		case ctx.Err() != nil:
			return amqp.Result{Err: ctx.Err()}
		case err == nil:
			return results[0]
		case !isConflict(err):
			return amqp.Result{Err: err}
		case try == aloneTries:
			return amqp.Result{Err: amqp.Retry(err)}
		}
		pause(ctx, firstDelay)
	}
}

// padded adds results until there are n, one per event. It is for a context that has ended: the consumer throws them
// away.
func padded(results []amqp.Result, n int) []amqp.Result {
	for len(results) < n {
		results = append(results, amqp.Result{Err: context.Canceled})
	}
	return results
}

func pause(ctx context.Context, delay time.Duration) {
	timer := time.NewTimer(delay + rand.N(delay)) //nolint:gosec // spreads replicas
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
