package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/services/failover/internal/plan"
)

// Read returns the state as it is now, to be looked at only: nothing is locked.
func Read(ctx context.Context, pool *pgxpool.Pool) (*plan.State, error) {
	s := plan.NewState()
	tx, err := pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() //nolint:contextcheck // nothing was changed
	var b pgx.Batch
	queueRead(&b, s, "load_plan")
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	return s, nil
}

// History are the last lines, of one provider or of all, the newest first.
func History(ctx context.Context, pool *pgxpool.Pool, provider string, limit int) ([]plan.Entry, error) {
	return entries(ctx, pool, "history", provider, limit)
}

// Answer is what became of a command; false while it was not handled.
func Answer(ctx context.Context, pool *pgxpool.Pool, command string) (e plan.Entry, handled bool, err error) {
	found, err := entries(ctx, pool, "answer", command)
	if err != nil || len(found) == 0 {
		return e, false, err
	}
	return found[0], true, nil
}

func entries(ctx context.Context, pool *pgxpool.Pool, query string, args ...any) (all []plan.Entry, err error) {
	rows, err := pool.Query(ctx, statement(query), args...)
	if err == nil {
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (e plan.Entry, err error) {
			err = row.Scan(&e.At, &e.Gateway, &e.Provider, &e.Instance, &e.What, &e.Epoch, &e.Text, &e.By, &e.Command)
			e.At = e.At.UTC()
			return e, err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	return all, nil
}
