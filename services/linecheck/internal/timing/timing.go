// Package timing tells how long line checks take, so that work for which nobody waits can yield to them.
package timing

import (
	"context"
	"log/slog"
	"math"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/run"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/messages"
)

const (
	tellEvery = time.Second
	longest   = 10 * time.Second // that one check counts: an old message that comes again says nothing about now
	most      = 10_000           // checks of a second that are looked at
	slow      = 0.95             // the quantile that is told besides the mean
)

// Timer times the line checks of one replica. It is safe for concurrent use.
type Timer struct {
	Publish func(ctx context.Context, events []event.Event, done func(error)) // does not wait for the broker
	Clock   func() time.Time                                                  // the bank's
	Source  string

	mu   sync.Mutex
	took []time.Duration // of each check since something was told
}

// Around returns steps whose line checks are timed: from auth's permission until what they lead to is stored.
func (t *Timer) Around(steps run.Handling) run.Handling { return timed{steps, t} }

type timed struct {
	steps run.Handling
	timer *Timer
}

// HandlerBy implements [run.Handling].
func (s timed) HandlerBy(clock func() time.Time, pool *pgxpool.Pool, source string, log *slog.Logger) amqp.Handler {
	next := s.steps.HandlerBy(clock, pool, source, log)
	return amqp.HandlerFunc(func(ctx context.Context, events []event.Event) []amqp.Result {
		results := next.Handle(ctx, events)
		s.timer.note(events)
		return results
	})
}

func (t *Timer) note(events []event.Event) {
	now := t.Clock()
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range events {
		if e.Type == contract.LineCheckAuthorized && len(t.took) < most {
			t.took = append(t.took, min(max(0, now.Sub(e.Time)), longest))
		}
	}
}

// Run tells once a second how long the checks took, if there were any, until ctx ends. It returns nil.
func (t *Timer) Run(ctx context.Context) error {
	tick := time.NewTicker(tellEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			t.tell(ctx)
		}
	}
}

// tell publishes one message and forgets it: the next one says more.
func (t *Timer) tell(ctx context.Context) {
	of := t.take()
	if of.Checks == 0 {
		return
	}
	now := t.Clock().UTC().Truncate(time.Microsecond)
	e, err := event.New(contract.LineChecksTimed, event.NewID(event.DayOf(now), "timed", t.Source, strconv.FormatInt(now.UnixMicro(), 10)),
		contract.Operations, t.Source, of)
	if err != nil {
		return // a mean that is no number: it cannot be
	}
	e.Time, e.Source = now, t.Source
	ctx, cancel := context.WithTimeout(ctx, tellEvery)
	defer cancel()
	t.Publish(ctx, []event.Event{e}, func(error) {})
}

// take returns what was noted since the last call.
func (t *Timer) take() messages.Timed {
	t.mu.Lock()
	took := t.took
	t.took = nil
	t.mu.Unlock()
	of := messages.Timed{Checks: len(took)}
	if of.Checks == 0 {
		return of
	}
	slices.Sort(took)
	var sum time.Duration
	for _, one := range took {
		sum += one
	}
	of.MeanMS = millis(sum / time.Duration(len(took)))
	of.P95MS = millis(took[int(math.Ceil(slow*float64(len(took))))-1])
	return of
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }
