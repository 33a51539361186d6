package raw

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// The tables are in the first schema of the role's search_path. Their names begin with prefix.
const (
	entryTable = prefix + "_entry"
	inboxTable = prefix + "_%s_inbox"
	stateTable = prefix + "_%s_state"
)

// prepare makes an inbox and a state table for each service that stores, and one table for the entries.
func prepare(ctx context.Context, pool *pgxpool.Pool) error {
	if err := dropTables(ctx, pool); err != nil { // a killed run may have left them
		return err
	}
	b := &pgx.Batch{}
	b.Queue("create table " + entryTable + " (session int primary key, number bigint not null)")
	for _, s := range services() {
		if s.stores {
			b.Queue(fmt.Sprintf("create table "+inboxTable+" (id uuid primary key, at timestamptz not null default now())", s.name))
			b.Queue(fmt.Sprintf("create table "+stateTable+" (id uuid primary key, body bytea not null)", s.name))
		}
	}
	if err := pool.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("prepare the raw chain's tables: %w", err)
	}
	return nil
}

func dropTables(ctx context.Context, pool *pgxpool.Pool) error {
	b := &pgx.Batch{}
	b.Queue("drop table if exists " + entryTable)
	for _, s := range services() {
		b.Queue(fmt.Sprintf("drop table if exists "+inboxTable+", "+stateTable, s.name, s.name))
	}
	if err := pool.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("drop the raw chain's tables: %w", err)
	}
	return nil
}

// store holds the statements of one service.
type store struct {
	pool         *pgxpool.Pool
	inbox, state string
}

func newStore(pool *pgxpool.Pool, service string) store {
	return store{
		pool:  pool,
		inbox: fmt.Sprintf("insert into "+inboxTable+" (id) select unnest($1::uuid[]) on conflict do nothing", service),
		state: fmt.Sprintf("insert into "+stateTable+` (id, body) select * from unnest($1::uuid[], $2::bytea[])
			on conflict (id) do update set body = excluded.body`, service),
	}
}

// commit stores a batch in one transaction and one round trip.
func (s store) commit(ctx context.Context, records []record) error {
	ids, bodies := make([][idBytes]byte, len(records)), make([][]byte, len(records))
	for i, r := range records {
		ids[i], bodies[i] = r.id(), r[:stateBytes]
	}
	b := &pgx.Batch{}
	b.Queue(s.inbox, ids)
	b.Queue(s.state, ids, bodies)
	if err := s.pool.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// advance commits a session's incoming number. The caller has waited for the confirms.
func advance(ctx context.Context, pool *pgxpool.Pool, session, number int) error {
	_, err := pool.Exec(ctx, "insert into "+entryTable+` values ($1, $2)
		on conflict (session) do update set number = excluded.number`, session, number)
	if err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("advance: %w", err)
	}
	return nil
}
