package inbox

import (
	"context"
	"embed"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

// Migrations creates the inbox table. A service runs them in its own schema, before its own.
//
//go:embed migrations/*.sql
var Migrations embed.FS

// Handler is a message handler in three parts. S is what a batch works on, usually a pointer to a struct.
type Handler[S any] interface {
	// Load queues the queries that fill and lock the state for all events of the batch, rows locked in one fixed order
	// for all handlers that share them. It decodes each event's data once, into S; an event that can not be decoded is
	// remembered there and refused by Decide.
	Load(b *pgx.Batch, events []event.Event) S

	// Decide takes one event, in order and in memory. now is the batch's time. An error means that the event can not be
	// handled (see amqp.Result); a business refusal is an emitted event, not an error. When it returns an error it must
	// have left S as it was.
	Decide(s S, now time.Time, e event.Event) ([]event.Event, error)

	// Store queues the writes of all that Decide changed in S.
	Store(b *pgx.Batch, s S)
}

// Assumer is a Handler that can do without the load where everything in a batch is new, which is nearly always. The batch
// then takes one round trip instead of two.
//
// The database must refuse what was assumed wrongly, by a unique key (23505): the inbox row refuses an event that was
// handled before, and what Store writes must refuse everything else. A batch that is refused is handled with the load.
type Assumer[S any] interface {
	// Assume returns what Load would if none of the events had been handled and nothing that they are about were there
	// yet. False means that this batch needs the load.
	Assume(events []event.Event) (S, bool)
}

// Bounds of the runner.
const (
	transactionBudget = 15 * time.Second // one batch, from begin to commit
	firstDelay        = 50 * time.Millisecond
	maxDelay          = time.Second
	aloneTries        = 5 // of one event whose transaction lost against another one
)

// New makes an amqp.Handler of h, which may be an Assumer as well. source is stamped on what h emits.
func New[S any](pool *pgxpool.Pool, h Handler[S], source string, log *slog.Logger) amqp.Handler {
	r := &runner[S]{pool: pool, handler: h, source: source, log: log, clock: time.Now}
	r.assumer, _ = h.(Assumer[S])
	return r
}

type runner[S any] struct {
	pool    *pgxpool.Pool
	handler Handler[S]
	assumer Assumer[S] // nil if h is none
	source  string
	log     *slog.Logger
	clock   func() time.Time
}

// Handle runs the batch in one transaction, or event by event where that fails. While Postgres is away it waits.
func (r *runner[S]) Handle(ctx context.Context, events []event.Event) []amqp.Result {
	results, err := r.untilThere(ctx, events)
	if err == nil || ctx.Err() != nil {
		return padded(results, len(events))
	}
	if len(events) == 1 && !isConflict(err) {
		return []amqp.Result{{Err: err}}
	}
	r.log.Debug("batch failed, handling its events one by one", "events", len(events), "error", err)
	results = make([]amqp.Result, 0, len(events))
	for i := range events {
		results = append(results, r.alone(ctx, events[i:i+1]))
	}
	return results
}

// untilThere runs the transaction again for as long as Postgres is away.
func (r *runner[S]) untilThere(ctx context.Context, events []event.Event) ([]amqp.Result, error) {
	delay := firstDelay
	for {
		results, err := r.transact(ctx, events)
		if err == nil || ctx.Err() != nil || !isAway(err) {
			return results, err
		}
		r.log.Warn("database away, waiting", "error", err, "delay", delay.String())
		pause(ctx, delay)
		delay = min(2*delay, maxDelay)
	}
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

// padded keeps the promise of one result per event where the context has ended; the consumer throws them away.
func padded(results []amqp.Result, n int) []amqp.Result {
	for len(results) < n {
		results = append(results, amqp.Result{Err: context.Canceled})
	}
	return results
}

func pause(ctx context.Context, delay time.Duration) {
	timer := time.NewTimer(delay + rand.N(delay))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
