// Package schedule publishes the jobs of linecheck when they are due.
package schedule

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

const (
	interval     = time.Second
	publishBound = 5 * time.Second
	gap          = 20 * time.Second // between two ticks: shorter than how far a usual run looks back
)

// Publisher publishes events and returns once the broker has confirmed them.
type Publisher interface {
	Publish(ctx context.Context, events ...event.Event) error
}

// Expiry publishes one job.due per second. Every replica runs it; the first one to claim a second publishes.
type Expiry struct {
	Pool      *pgxpool.Pool
	Publisher Publisher
	Clock     func() time.Time // the bank's
	Source    string
	Log       *slog.Logger

	last time.Time // of the last tick
}

// Run calls Tick once a second until ctx ends. If a second is missed, because a server is unavailable or a replica dies
// between claim and publication, the next job does its work.
func (s *Expiry) Run(ctx context.Context) error {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := s.Tick(ctx, s.Clock()); err != nil && ctx.Err() == nil {
				s.Log.Warn("expiry not started, trying again in a second", "error", err)
			}
		}
	}
}

// Tick publishes the job of now's second, unless another replica has claimed it.
func (s *Expiry) Tick(ctx context.Context, now time.Time) error {
	due := now.UTC().Truncate(interval)
	thorough := due.Second() == 0 || now.Sub(s.last) > gap
	s.last = now
	first, err := store.ClaimJob(ctx, s.Pool, messages.ExpireReservations, due)
	if err != nil || !first {
		return err
	}
	text := due.Format(time.RFC3339)
	e, err := event.New(contract.JobDue, event.NewID(event.DayOf(due), contract.JobDue.Name, messages.ExpireReservations, text),
		contract.Batch, messages.ExpireReservations+" "+text, messages.Job{Job: messages.ExpireReservations, Due: due, Thorough: thorough})
	if err != nil {
		return fmt.Errorf("make %s: %w", contract.JobDue, err)
	}
	e.Time, e.Source = now.UTC(), s.Source
	ctx, cancel := context.WithTimeout(ctx, publishBound)
	defer cancel()
	return s.Publisher.Publish(ctx, e)
}
