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
// first. An id may also be a provider and its reference: then these are the messages that a gateway has refused by itself. Of any other id
// there is nothing, and no messages where no interface runs.
func (p Places) Originals(ctx context.Context, ids []string) (map[string][]oracle.Original, error) {
	ctx, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	conn, err := pgx.Connect(ctx, p.Postgres)
	if err != nil {
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	all, err := originals(ctx, conn, "api.original", ids)
	if err != nil {
		return nil, err
	}
	return all, refused(ctx, conn, "api.refused_message", ids, all)
}

// refused adds the messages that gateways have refused by themselves, by provider and reference: "ALPHA R-1".
func refused(ctx context.Context, conn *pgx.Conn, table string, names []string, all map[string][]oracle.Original) error {
	var exists bool
	if err := conn.QueryRow(ctx, "select to_regclass($1) is not null", table).Scan(&exists); err != nil || !exists {
		return err
	}
	found, _ := conn.Query(ctx, "select provider || ' ' || reference, protocol, session, sequence, received_at, bytes from "+table+ //nolint:gosec // our own name
		" where provider || ' ' || reference = any($1) and left_out = 0 order by received_at, id", names) // ForEachRow returns the error
	return collect(found, all)
}

func originals(ctx context.Context, conn *pgx.Conn, table string, ids []string) (map[string][]oracle.Original, error) {
	var exists bool
	all := map[string][]oracle.Original{}
	if err := conn.QueryRow(ctx, "select to_regclass($1) is not null", table).Scan(&exists); err != nil || !exists {
		return all, err
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !contract.IsID(id) })
	found, _ := conn.Query(ctx, "select subject::text, protocol, session, sequence, received_at, bytes from "+table+ //nolint:gosec // our own name
		" where subject = any($1::uuid[]) order by received_at, message_id", ids) // ForEachRow returns the error
	return all, collect(found, all)
}

// collect adds messages to what they are about.
func collect(found pgx.Rows, all map[string][]oracle.Original) error {
	var about string
	var o oracle.Original
	_, err := pgx.ForEachRow(found, []any{&about, &o.Protocol, &o.Session, &o.Sequence, &o.ReceivedAt, &o.Bytes}, func() error {
		kept := o
		kept.Bytes = slices.Clone(o.Bytes)
		all[about] = append(all[about], kept)
		return nil
	})
	return err
}
