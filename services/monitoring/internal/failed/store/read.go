package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/monitoring/internal/failed"
)

const columns = `id, message_id, type, queue, routing_key, reason, text, group_key, attempts, failures, first_failed_at, failed_at, correlation,
	trace_id, client, state, version`

// Group is the entries with the same queue, reason and type.
type Group struct {
	Key     string    `json:"key"`
	Queue   string    `json:"queue"`
	Reason  string    `json:"reason"`
	Type    string    `json:"type"`
	Count   int       `json:"count"`
	FirstAt time.Time `json:"first_at"`
	LastAt  time.Time `json:"last_at"`
}

// Groups returns the groups of the entries in a state, the largest first, at most so many; and how many entries the state has.
func (s Store) Groups(ctx context.Context, state string, most int) (groups []Group, total int, err error) {
	var b pgx.Batch
	b.Queue(`select group_key, min(queue), min(reason), min(type), count(*), min(first_failed_at), max(failed_at) from failed_message
		where state = $1 group by group_key order by count(*) desc, group_key limit $2`, state, most).Query(func(rows pgx.Rows) (err error) {
		groups, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Group])
		return err
	})
	b.Queue("select count(*) from failed_message where state = $1", state).QueryRow(func(row pgx.Row) error { return row.Scan(&total) })
	if err := s.Pool.SendBatch(ctx, &b).Close(); err != nil {
		return nil, 0, fmt.Errorf("read groups of failed messages: %w", err)
	}
	return groups, total, nil
}

// Open returns how many entries wait for somebody.
func (s Store) Open(ctx context.Context) (n int, err error) {
	if err := s.Pool.QueryRow(ctx, "select count(*) from failed_message where state = 'open'").Scan(&n); err != nil {
		return 0, fmt.Errorf("count failed messages: %w", err)
	}
	return n, nil
}

// Filter says which entries a list has; an empty text is no filter.
type Filter struct {
	State, Group, Queue, Type string
	About                     string // message id, correlation or trace
	After                     Place
}

// Place is after which entry a page begins; the zero Place is the beginning.
type Place struct {
	FailedAt time.Time
	ID       string
}

const where = ` where ($1 = '' or state = $1) and ($2 = '' or group_key = $2) and ($3 = '' or queue = $3) and ($4 = '' or type = $4)
	and ($5 = '' or $5 in (message_id, correlation, trace_id))`

// List returns entries, the latest failure first, and how many there are in all.
func (s Store) List(ctx context.Context, f Filter, most int) (entries []failed.Entry, total int, err error) {
	after, id := f.After.FailedAt, f.After.ID
	if id == "" {
		after, id = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), "ffffffff-ffff-ffff-ffff-ffffffffffff"
	}
	var b pgx.Batch
	b.Queue("select set_config('statement_timeout', '3000', true), set_config('plan_cache_mode', 'force_custom_plan', true)")
	b.Queue("select "+columns+" from failed_message"+where+" and (failed_at, id) < ($6, $7::uuid) order by failed_at desc, id desc limit $8",
		f.State, f.Group, f.Queue, f.Type, f.About, after, id, most).Query(func(rows pgx.Rows) (err error) {
		entries, err = pgx.CollectRows(rows, pgx.RowToStructByPos[failed.Entry])
		return err
	})
	b.Queue("select count(*) from failed_message"+where, f.State, f.Group, f.Queue, f.Type, f.About).QueryRow(func(row pgx.Row) error { return row.Scan(&total) })
	if err := s.Pool.SendBatch(ctx, &b).Close(); err != nil {
		return nil, 0, fmt.Errorf("list failed messages: %w", err)
	}
	return entries, total, nil
}

// Step is one line of an entry's history.
type Step struct {
	At   time.Time `json:"at"`
	By   string    `json:"by" doc:"The replica that gave the message up, or the user"`
	What string    `json:"what" enum:"failed,replay_asked,replayed,not_delivered,discarded"`
	Note string    `json:"note"`
}

// Get returns a message with its history, the oldest step first; of a long history the last 200. Error: ErrNone.
func (s Store) Get(ctx context.Context, id string) (m failed.Message, steps []Step, err error) {
	var b pgx.Batch
	b.Queue("select "+columns+", source, content_type, headers, body, '' from failed_message where id = $1", id).Query(func(rows pgx.Rows) (err error) {
		m, err = pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (m failed.Message, err error) {
			return m, row.Scan(&m.ID, &m.MessageID, &m.Type, &m.Queue, &m.RoutingKey, &m.Reason, &m.Text, &m.Group, &m.Attempts, &m.Failures, &m.FirstFailedAt,
				&m.FailedAt, &m.Correlation, &m.TraceID, &m.Client, &m.State, &m.Version, &m.Source, &m.ContentType, &m.Headers, &m.Body, &m.Fingerprint)
		})
		return err
	})
	b.Queue(`select at, by, what, note from (select * from failed_history where failed_id = $1 order by id desc limit 200) h order by id`, id).
		Query(func(rows pgx.Rows) (err error) {
			steps, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Step])
			return err
		})
	switch err := s.Pool.SendBatch(ctx, &b).Close(); {
	case errors.Is(err, pgx.ErrNoRows):
		return m, nil, ErrNone
	case err != nil:
		return m, nil, fmt.Errorf("read failed message %s: %w", id, err)
	}
	return m, steps, nil
}

// Mark returns what differs whenever something has happened to an entry.
func (s Store) Mark(ctx context.Context) (mark int64, err error) {
	if err := s.Pool.QueryRow(ctx, "select coalesce(max(id), 0) from failed_history").Scan(&mark); err != nil {
		return 0, fmt.Errorf("look whether the error queue has changed: %w", err)
	}
	return mark, nil
}
