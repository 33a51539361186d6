package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
)

// resting is the steps of a set whose consumer rests before parts of jobs that yield.
type resting struct {
	set   *Set
	steps inbox.Steps[*Batch]
}

// HandlerBy implements [run.Handling].
func (r resting) HandlerBy(clock func() time.Time, pool *pgxpool.Pool, source string, log *slog.Logger) amqp.Handler {
	next := r.steps.HandlerBy(clock, pool, source, log)
	return amqp.HandlerFunc(func(ctx context.Context, events []event.Event) []amqp.Result {
		pause(ctx, r.set.rest(events))
		return next.Handle(ctx, events)
	})
}

// rest returns the longest rest of the jobs of which the events bring a part that is not the first.
func (s *Set) rest(events []event.Event) (longest time.Duration) {
	for _, e := range events {
		var run Run
		if e.Type != contract.JobDue || e.Read(&run) != nil || run.Part == 0 {
			continue
		}
		if job, ours := s.job(run.Job); ours && job.Rest != nil {
			longest = max(longest, job.Rest())
		}
	}
	return longest
}

func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
