package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
)

const (
	interval  = time.Second
	tickBound = 10 * time.Second
)

// Publisher publishes events and returns once the broker has confirmed them.
type Publisher interface {
	Publish(ctx context.Context, events ...event.Event) error
}

// Schedule starts the jobs of a set when they are due, and asks again for a part that nobody does. Every replica runs one.
type Schedule struct {
	Set       *Set
	Pool      *pgxpool.Pool
	Publisher Publisher
	Clock     func() time.Time // the bank's
	Source    string
	Log       *slog.Logger

	seen atomic.Pointer[view] // at the last tick
}

// Run calls Tick once a second until ctx ends. It returns nil.
func (s *Schedule) Run(ctx context.Context) error {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := s.Tick(ctx, s.Clock()); err != nil && ctx.Err() == nil {
				s.Log.Warn("jobs are not started, trying again in a second", "error", err)
			}
		}
	}
}

// Tick starts what is due at now. now must not be earlier than at the last call.
func (s *Schedule) Tick(ctx context.Context, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, tickBound)
	defer cancel()
	v, err := look(ctx, s.Pool, s.Set, now)
	if err != nil {
		return err
	}
	faults := []error{s.again(ctx)}
	for _, j := range s.Set.jobs {
		due, is := v.due(j, now)
		if is {
			faults = append(faults, s.start(ctx, j, due))
		}
	}
	s.seen.Store(v)
	return errors.Join(faults...)
}

// start claims the run of a due time, and publishes its first message if no other replica was first.
func (s *Schedule) start(ctx context.Context, j Job, due time.Time) error {
	tag, err := s.Pool.Exec(ctx, claimSQL, j.Name, due, j.keep().Seconds())
	if err != nil {
		return fmt.Errorf("claim the run of %s for %s: %w", j.Name, due.Format(time.RFC3339), err)
	}
	if tag.RowsAffected() == 0 {
		return nil
	}
	return s.publish(ctx, Run{Job: j.Name, Due: due.UTC()})
}

// again publishes the messages of parts that nobody has done for a while.
func (s *Schedule) again(ctx context.Context) error {
	late, err := lateRuns(ctx, s.Pool, s.Set.names())
	if err != nil {
		return err
	}
	for _, r := range late {
		if r.waits == "" {
			s.Log.Warn("nobody does the next part of a job, asking again", "job", r.Job, "due", r.Due, "part", r.Part)
		}
		if err := s.publish(ctx, r.Run); err != nil {
			return err
		}
	}
	return nil
}

func (s *Schedule) publish(ctx context.Context, r Run) error {
	e, err := r.event()
	if err != nil {
		return err
	}
	e.Time, e.Source = s.Clock().UTC().Truncate(time.Microsecond), s.Source
	if err := s.Publisher.Publish(ctx, e); err != nil {
		return fmt.Errorf("publish part %d of %s: %w", r.Part, r.Job, err)
	}
	return nil
}
