package store

import (
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
)

//go:embed queries/notices.sql
var noticesQuery string

//go:embed queries/notices_drop.sql
var dropNoticesQuery string

// Bounds of an Outbox.
const (
	outboxEvery = time.Second
	outboxMost  = 50              // notices that are locked and published at once
	outboxBound = 5 * time.Second // for them
)

// Outbox publishes the notices of all sessions. Each instance of a gateway has one, and a notice that one instance is publishing is
// locked. An instance that dies after it has published a notice and before the row is deleted leaves the row to another one: then the
// event is published twice, under one id.
type Outbox struct {
	Pool    *pgxpool.Pool
	Publish func(ctx context.Context, events ...event.Event) error // returns once the broker has the events
	Log     *slog.Logger
}

// Run publishes until ctx ends. It returns nil.
func (o Outbox) Run(ctx context.Context) error {
	tick := time.NewTicker(outboxEvery)
	defer tick.Stop()
	for {
		if err := o.Flush(ctx); err != nil && ctx.Err() == nil {
			o.Log.Warn("events about refused messages wait", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Flush publishes the notices that are due, in parts.
func (o Outbox) Flush(ctx context.Context) error {
	for {
		published, err := o.part(ctx)
		if err != nil || published < outboxMost {
			return err
		}
	}
}

// part publishes the oldest notices that no other instance is publishing.
func (o Outbox) part(ctx context.Context) (published int, err error) {
	ctx, cancel := context.WithTimeout(ctx, outboxBound)
	defer cancel()
	err = pgx.BeginFunc(ctx, o.Pool, func(tx pgx.Tx) error {
		ids, events, err := o.due(ctx, tx)
		if published = len(ids); err != nil || published == 0 {
			return err
		}
		if len(events) > 0 {
			if err := o.Publish(ctx, events...); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, dropNoticesQuery, ids)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("publish notices: %w", err)
	}
	return published, nil
}

// due locks notices and returns them. One that cannot be read is among the ids alone: no attempt could help, and the others must not
// wait for it.
func (o Outbox) due(ctx context.Context, tx pgx.Tx) (ids []string, events []event.Event, err error) {
	rows, err := tx.Query(ctx, noticesQuery, outboxMost)
	if err != nil {
		return nil, nil, err
	}
	var id string
	var body []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &body}, func() error {
		decoded, wrong := event.Decode(event.MediaType, body)
		if wrong != nil {
			o.Log.Error("stored notice cannot be read", "id", id, "error", wrong)
		}
		ids, events = append(ids, id), append(events, decoded...)
		return nil
	})
	return ids, events, err
}
