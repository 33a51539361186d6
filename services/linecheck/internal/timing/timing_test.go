package timing_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/timing"
)

// slow steps take 30 ms for a batch.
type slow struct{}

func (slow) HandlerBy(func() time.Time, *pgxpool.Pool, string, *slog.Logger) amqp.Handler {
	return amqp.HandlerFunc(func(_ context.Context, events []event.Event) []amqp.Result {
		time.Sleep(30 * time.Millisecond)
		return make([]amqp.Result, len(events))
	})
}

func TestHowLongTheChecksOfASecondTookIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []event.Event
		timer := &timing.Timer{Clock: time.Now, Source: "linecheck/1", Publish: func(_ context.Context, events []event.Event, done func(error)) {
			told = append(told, events...)
			done(nil)
		}}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- timer.Run(ctx) }()
		now := time.Now()
		timer.Around(slow{}).HandlerBy(time.Now, nil, "linecheck/1", testkit.Log(t)).Handle(ctx, []event.Event{
			{Type: contract.LineCheckAuthorized, Time: now.Add(-10 * time.Millisecond)},
			{Type: contract.LineCheckAuthorized, Time: now.Add(-40 * time.Millisecond)},
			{Type: contract.TradeValidated, Time: now.Add(-time.Hour)}, // is no line check
		})
		time.Sleep(5 * time.Second)
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if len(told) != 1 {
			t.Fatalf("told %d times", len(told))
		}
		var of messages.Timed
		if err := told[0].Read(&of); err != nil || told[0].Key() != "linecheck.timed.operations" || of != (messages.Timed{Checks: 2, MeanMS: 55, P95MS: 70}) {
			t.Errorf("%s: %+v, %v", told[0].Key(), of, err)
		}
	})
}
