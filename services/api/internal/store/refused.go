package store

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/api/internal/blotter"
)

//go:embed queries/refused.sql
var refusedSQL string

const keepRefusedSQL = `insert into refused_message (id, provider, protocol, session, sequence, received_at, code, text, reference, size, left_out, bytes)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, coalesce($12, ''::bytea)) on conflict (id) do nothing`

// QueueRefusedMessage queues a message that a gateway has refused.
func QueueRefusedMessage(b *pgx.Batch, m blotter.RefusedMessage) {
	b.Queue(keepRefusedSQL, m.ID, m.Provider, m.Protocol, m.Session, m.Sequence, m.ReceivedAt, m.Code, m.Text, m.Reference, m.Size, m.LeftOut, m.Bytes)
}

// RefusedFilter says which refused messages are wanted. An empty field leaves all.
type RefusedFilter struct {
	Provider, Session, Code string

	From, To time.Time // when they came; To is excluded
	After    RefusedPlace
}

// RefusedPlace is the place of a message in the list; the zero value is the one before all.
type RefusedPlace struct {
	ReceivedAt time.Time
	ID         string
}

// Refused returns at most limit refused messages without their bytes, the latest first.
func (m Model) Refused(ctx context.Context, f RefusedFilter, limit int) ([]blotter.RefusedMessage, error) {
	list, err := collect(ctx, m, readRefused, refusedSQL, wish(f.Provider), wish(f.Session), wish(f.Code), instant(f.From), instant(f.To),
		instant(f.After.ReceivedAt), wish(f.After.ID), limit)
	if err != nil {
		return nil, fmt.Errorf("list refused messages: %w", err)
	}
	return list, nil
}

// instant returns nil for the zero time.
func instant(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

func readRefused(row pgx.CollectableRow) (r blotter.RefusedMessage, err error) {
	err = row.Scan(refusedColumns(&r)...)
	r.ReceivedAt = r.ReceivedAt.UTC()
	return r, err
}

// refusedColumns returns where the columns of refusedSQL go.
func refusedColumns(r *blotter.RefusedMessage) []any {
	return []any{&r.ID, &r.Provider, &r.Protocol, &r.Session, &r.Sequence, &r.ReceivedAt, &r.Code, &r.Text, &r.Reference, &r.Size, &r.LeftOut}
}

// RefusedMessage returns a refused message with its bytes. The id must be a UUID. Error: ErrNone.
func (m Model) RefusedMessage(ctx context.Context, id string) (r blotter.RefusedMessage, err error) {
	err = m.Pool.QueryRow(ctx, `select id::text, provider, protocol, session, sequence, received_at, code, text, reference, size, left_out, bytes
		from refused_message where id = $1`, id).Scan(append(refusedColumns(&r), &r.Bytes)...)
	r.ReceivedAt = r.ReceivedAt.UTC()
	if errors.Is(err, pgx.ErrNoRows) {
		return r, ErrNone
	}
	if err != nil {
		return r, fmt.Errorf("read refused message %s: %w", id, err)
	}
	return r, nil
}

// CompareRefused orders refused messages for writing, the same for all replicas.
func CompareRefused(a, b blotter.RefusedMessage) int { return cmp.Compare(a.ID, b.ID) }
