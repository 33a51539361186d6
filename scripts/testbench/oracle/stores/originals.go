package stores

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"fxcore/scripts/testbench/oracle"
	"fxcore/services/contract"
)

// Originals returns the providers' own messages about trades and line checks, by their ids, as the HTTP interface keeps them: the oldest
// first. Of an id that is none of these there is nothing, and no messages where no interface runs.
func (p Places) Originals(ctx context.Context, ids []string) (map[string][]oracle.Original, error) {
	ctx, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	conn, err := pgx.Connect(ctx, p.Postgres)
	if err != nil {
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	return originals(ctx, conn, "api.original", ids)
}

func originals(ctx context.Context, conn *pgx.Conn, table string, ids []string) (map[string][]oracle.Original, error) {
	var exists bool
	if err := conn.QueryRow(ctx, "select to_regclass($1) is not null", table).Scan(&exists); err != nil || !exists {
		return nil, err
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !contract.IsID(id) })
	found, _ := conn.Query(ctx, "select subject::text, protocol, session, sequence, received_at, bytes from "+table+ //nolint:gosec // our own name
		" where subject = any($1::uuid[]) order by received_at, message_id", ids) // ForEachRow returns the error
	all := map[string][]oracle.Original{}
	var id string
	var o oracle.Original
	_, err := pgx.ForEachRow(found, []any{&id, &o.Protocol, &o.Session, &o.Sequence, &o.ReceivedAt, &o.Bytes}, func() error {
		kept := o
		kept.Bytes = slices.Clone(o.Bytes)
		all[id] = append(all[id], kept)
		return nil
	})
	return all, err
}
