package store

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/lambda/log"
	"fxcore/services/contract"
)

// How a sweep goes: how often, from which age on a request is no longer being published by whoever claimed it, and how many at once.
const (
	sweepEach  = 5 * time.Second
	sweepAge   = 15 * time.Second
	sweepMost  = 200
	sweepBound = 10 * time.Second
)

// Sweeping publishes requests that a replica has stored and not published: it died between the two, or the broker was away. The
// core rejects those whose deadline has passed, so each comes to its end. A request that was published and not noted so is published
// twice, under one id: the core handles it once. Commands are left alone: their callers repeat them.
type Sweeping struct {
	Model   Model
	Publish func(ctx context.Context, events ...event.Event) error // returns once the broker has the events
	Log     *slog.Logger
}

// Run sweeps until ctx ends. It returns nil.
func (s Sweeping) Run(ctx context.Context) error {
	tick := time.NewTicker(sweepEach)
	defer tick.Stop()
	for {
		bounded, cancel := context.WithTimeout(ctx, sweepBound)
		if err := s.Sweep(bounded); err != nil && ctx.Err() == nil {
			s.Log.WarnContext(ctx, "requests that were not published wait", log.Error(err))
		}
		cancel()
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Sweep publishes the oldest of them once.
func (s Sweeping) Sweep(ctx context.Context) error {
	left, err := s.Model.unpublished(ctx)
	if err != nil {
		return err
	}
	for _, a := range left {
		if err := s.Publish(ctx, a.Event); err != nil {
			return fmt.Errorf("publish request %s: %w", a.Subject, err)
		}
		if err := s.Model.Published(ctx, a); err != nil {
			return err
		}
		s.Log.InfoContext(ctx, "a request that was not published is published now", "subject", a.Subject, "user", a.Owner)
	}
	return nil
}

// unpublished returns requests for trades and line checks that have waited longer than sweepAge, the oldest first.
func (m Model) unpublished(ctx context.Context) ([]Asked, error) {
	rows, err := m.Pool.Query(ctx, `select owner, key, subject::text, event from request
		where not published and asked_at < now() - $1::interval and event ->> 'type' = any ($3) order by asked_at limit $2`,
		sweepAge.String(), sweepMost, []string{contract.TradeRequested.Name, contract.LineCheckRequested.Name})
	if err != nil {
		return nil, fmt.Errorf("look for requests that were not published: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (a Asked, err error) {
		var body []byte
		if err = row.Scan(&a.Owner, &a.Key, &a.Subject, &body); err != nil {
			return a, err
		}
		a.Event, err = eventIn(body)
		return a, err
	})
}

// eventIn decodes a stored event.
func eventIn(body []byte) (event.Event, error) {
	events, err := event.Decode(event.MediaType, json.RawMessage(body))
	if err != nil {
		return event.Event{}, fmt.Errorf("read a stored request: %w", err)
	}
	return events[0], nil
}
