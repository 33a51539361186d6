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

// How a sweep goes: how often, from which age on a request is no longer being published by whoever claimed it, how many are locked and
// published at once, and how long that may take.
const (
	sweepEach  = 5 * time.Second
	sweepAge   = 15 * time.Second
	sweepMost  = 200
	sweepBound = 3 * time.Second // the locks hold back the stream
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
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.Log.WarnContext(ctx, "requests that were not published wait", log.Error(err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Sweep publishes all that wait, the oldest first, in parts.
func (s Sweeping) Sweep(ctx context.Context) error {
	for {
		swept, err := s.part(ctx)
		if err != nil || swept < sweepMost {
			return err
		}
	}
}

// part publishes the oldest requests that no other replica is publishing. Their rows are locked until the broker has them.
func (s Sweeping) part(ctx context.Context) (swept int, err error) {
	ctx, cancel := context.WithTimeout(ctx, sweepBound)
	defer cancel()
	err = pgx.BeginFunc(ctx, s.Model.Pool, func(tx pgx.Tx) error {
		left, err := unpublished(ctx, tx)
		if swept = len(left); err != nil || swept == 0 {
			return err
		}
		events := make([]event.Event, swept)
		owners, keys := make([]string, swept), make([]string, swept)
		for i, a := range left {
			events[i], owners[i], keys[i] = a.Event, a.Owner, a.Key
		}
		if err := s.Publish(ctx, events...); err != nil {
			return fmt.Errorf("publish %d requests: %w", swept, err)
		}
		_, err = tx.Exec(ctx, "update request r set published = true from unnest($1::text[], $2::text[]) p (owner, key) where r.owner = p.owner and r.key = p.key", owners, keys)
		return err
	})
	if err == nil && swept > 0 {
		s.Log.InfoContext(ctx, "requests that were not published are published now", "requests", swept)
	}
	return swept, err
}

// unpublished locks requests for trades and line checks that have waited longer than sweepAge, the oldest first.
func unpublished(ctx context.Context, tx pgx.Tx) ([]Asked, error) {
	rows, err := tx.Query(ctx, `select owner, key, event from request
		where not published and asked_at < now() - $1::interval and event ->> 'type' = any ($3) order by asked_at limit $2 for update skip locked`,
		sweepAge.String(), sweepMost, []string{contract.TradeRequested.Name, contract.LineCheckRequested.Name})
	if err != nil {
		return nil, fmt.Errorf("look for requests that were not published: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (a Asked, err error) {
		var body []byte
		if err = row.Scan(&a.Owner, &a.Key, &body); err != nil {
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
