package daily_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/postgres"
	"fxcore/lambda/postgres/daily"
	"fxcore/lambda/testkit"
)

const keep = 72 * time.Hour

var (
	kept  = daily.Table{Name: "kept", Keep: keep}
	noon  = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	today = event.DayOf(noon)
)

// table is what a migration makes, the trigger's function included.
func table(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool := testkit.Postgres(t)
	if err := postgres.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	execute(t, pool, `create table kept_before (id uuid primary key, at timestamptz not null)`)
	execute(t, pool, `create table kept (id uuid primary key, at timestamptz not null) partition by range (id)`)
	execute(t, pool, `create index kept_at on kept using brin (at) with (pages_per_range = 128)`)
	execute(t, pool, `create table kept_rest partition of kept default`)
	execute(t, pool, `create function kept_before() returns trigger language plpgsql as $$ begin
		if exists (select from kept_before where id = new.id) then raise unique_violation; end if; return new; end $$`)
	return pool
}

func tend(t *testing.T, pool *pgxpool.Pool, now time.Time) {
	t.Helper()
	if err := kept.Tend(t.Context(), pool, now); err != nil {
		t.Fatal(err)
	}
}

// write writes a row of a story of day, and returns its id.
func write(t *testing.T, pool *pgxpool.Pool, day event.Day, at time.Time, name string) string {
	t.Helper()
	id := event.NewID(day, name)
	execute(t, pool, "insert into kept values ($1, $2)", id, at)
	return id
}

func execute(t *testing.T, pool *pgxpool.Pool, statement string, args ...any) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// places are where rows are: "kept_20261120 1 kept_rest 2".
func places(t *testing.T, pool *pgxpool.Pool) string {
	t.Helper()
	rows, err := pool.Query(t.Context(), `select place || ' ' || count(*) from (select tableoid::regclass::text as place from kept
		union all select regexp_replace(tableoid::regclass::text, '_\d.*', '_aside') from kept_before) as all_rows group by place order by place`)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(list, ", ")
}

// partitions are the days that have one.
func partitions(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), `select right(inhrelid::regclass::text, 8) from pg_inherits where inhparent = 'kept'::regclass`)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	list = slices.DeleteFunc(list, func(name string) bool { return name == "ept_rest" })
	slices.Sort(list)
	return list
}

func triggers(t *testing.T, pool *pgxpool.Pool) (n int) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), "select count(*) from pg_trigger where tgrelid = 'kept'::regclass").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// fill writes n rows of days far ahead.
func fill(t *testing.T, pool *pgxpool.Pool, n int, at time.Time) {
	t.Helper()
	execute(t, pool, fmt.Sprintf("insert into kept select ('f' || substr(gen_random_uuid()::text, 2))::uuid, $1 from generate_series(1, %d)", n), at)
}
