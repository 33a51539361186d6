package steps

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/log"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/store"
)

// Questions answers questions about lines. It reads, locks nothing and writes nothing, not even an inbox row: a question that
// comes twice is answered twice, each time as the lines are then. Who asks waits for the answer until the question's deadline. A
// question that is older, or that Postgres does not let it answer, is dropped: its asker asks again.
type Questions struct {
	Pool   *pgxpool.Pool
	Static Static
	Dating Dating
	Clock  func() time.Time // the bank's
	Log    *slog.Logger
}

// Handle answers events one by one.
func (q Questions) Handle(ctx context.Context, events []event.Event) []amqp.Result {
	results := make([]amqp.Result, len(events))
	for i, e := range events {
		if now := q.Clock().UTC().Truncate(time.Microsecond); !e.Expired(now) {
			results[i].Emit, results[i].Err = q.answer(ctx, e, now)
		}
	}
	return results
}

// answer returns the answer to a question; none if it cannot be read from the database. An error means that nobody can ever
// answer it. A panic is such an error: a question must never end the process that checks trades.
func (q Questions) answer(ctx context.Context, e event.Event, now time.Time) (emitted []event.Event, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("answer %s %s: panic: %v\n%s", e.Type, e.ID, p, debug.Stack())
		}
	}()
	asked, answered, err := q.read(e, now)
	if err != nil {
		return nil, err
	}
	var b pgx.Batch
	asked.queue(&b)
	if b.Len() > 0 {
		if err := store.Read(ctx, q.Pool, &b); err != nil {
			q.Log.WarnContext(ctx, "a question about lines is not answered", log.About(e), log.Error(err))
			return nil, nil
		}
	}
	section, err := asked.answer(now)
	if err != nil {
		return nil, err
	}
	return contract.Next(e, answered, "answer", section)
}

// read returns a question and the type of its answer.
func (q Questions) read(e event.Event, now time.Time) (asked question, answered event.Type, err error) {
	if e.Type == contract.LinesRequested {
		asked, err = q.readLines(e)
		return asked, contract.LinesDelivered, err
	}
	asked, err = q.readWhatIf(e, now)
	return asked, contract.WhatIfAnswered, err
}

// question is what somebody asks about lines.
type question interface {
	// queue queues the queries that the answer needs; they are sent as one snapshot.
	queue(b *pgx.Batch)

	// answer returns the section that answers, once the queries were sent.
	answer(now time.Time) (any, error)
}
