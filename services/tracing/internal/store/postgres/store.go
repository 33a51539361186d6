// Package postgres keeps the journal in PostgreSQL, where Cassandra is not there.
package postgres

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/services/tracing/internal/payload"
	"fxcore/services/tracing/internal/store"
)

// Migrations are the schema's.
//
//go:embed migrations/*.sql facts.txt
var Migrations embed.FS

// Store implements [store.Store].
type Store struct{ Pool *pgxpool.Pool }

// Ready returns why the server does not answer.
func (s Store) Ready(ctx context.Context) error { return s.Pool.Ping(ctx) }

// failed says what was attempted. A conflict with another replica is [store.ErrMoved].
func failed(what string, err error) error {
	var known *pgconn.PgError
	const unique, deadlock = "23505", "40P01"
	if errors.As(err, &known) && (known.Code == unique || known.Code == deadlock) {
		return fmt.Errorf("%s: %w (%w)", what, store.ErrMoved, err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// Alive implements [store.Appender].
func (s Store) Alive(ctx context.Context, name string, within time.Duration) ([]string, error) {
	rows, err := s.Pool.Query(ctx, `with mine as (insert into replica (name, seen) values ($1, now()) on conflict (name) do update set seen = now())
		select name from replica where seen > now() - make_interval(secs => $2) union select $1`, name, within.Seconds())
	if err != nil {
		return nil, failed("note that this replica works", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return names, failed("list the replicas", err)
}

// Key implements [store.Keys].
func (s Store) Key(ctx context.Context, client string) (payload.Key, error) {
	drawn := make([]byte, payload.KeySize)
	_, _ = rand.Read(drawn) // never fails: see crypto/rand
	_, err := s.Pool.Exec(ctx, "insert into client_key (client, secret) values ($1, $2) on conflict do nothing", client, drawn)
	if err == nil {
		err = s.Pool.QueryRow(ctx, "select secret from client_key where client = $1", client).Scan(&drawn)
	}
	return payload.NewKey(drawn), failed("read a client's key", err)
}

// Shred implements [store.Keys].
func (s Store) Shred(ctx context.Context, client string) error {
	_, err := s.Pool.Exec(ctx, `insert into client_key (client, secret, removed_at) values ($1, '', now())
		on conflict (client) do update set secret = '', removed_at = coalesce(client_key.removed_at, now())`, client)
	return failed("remove a client's key", err)
}

// Forget implements [store.Store]. Spans are made of the journal here, so they have no retention of their own. The newest ended
// day of each chain stays, so that the chain has a beginning.
func (s Store) Forget(ctx context.Context, keep store.Keep, now time.Time) error {
	return pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		if keep.Index > 0 {
			if _, err := tx.Exec(ctx, "delete from summary where started < $1", now.Add(-keep.Index)); err != nil {
				return failed("forget old stories", err)
			}
		}
		if keep.Journal > 0 {
			return forgetJournal(ctx, tx, day(now.Add(-keep.Journal)))
		}
		return nil
	})
}

func forgetJournal(ctx context.Context, tx pgx.Tx, before int) error {
	_, err := tx.Exec(ctx, "select forget_journal($1)", before)
	return failed("forget old records", err)
}

func day(t time.Time) int { return int(t.Unix() / (24 * 60 * 60)) }
