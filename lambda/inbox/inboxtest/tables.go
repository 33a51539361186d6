package inboxtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Tables returns all rows of the service's own tables as text, in a fixed order. It leaves out the inbox, what migrations
// note, columns that the database fills with its own time, transaction or random value, generated keys, and the tables that it is told to leave out.
func Tables(t testing.TB, pool *pgxpool.Pool, without ...string) string {
	t.Helper()
	var text strings.Builder
	for _, table := range tables(t, pool) {
		if slices.Contains(without, table) {
			continue
		}
		rows, err := pool.Query(t.Context(), fmt.Sprintf(
			`select coalesce(string_agg(row, E'\n' order by row), '') from (select (to_jsonb(x) - $1::text[])::text as row from %s x) y`,
			pgx.Identifier{table}.Sanitize()), filled(t, pool, table))
		if err != nil {
			t.Fatal(err)
		}
		content, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatalf("table %s: %v", table, err)
		}
		fmt.Fprintf(&text, "%s:\n%s\n", table, content)
	}
	return text.String()
}

func tables(t testing.TB, pool *pgxpool.Pool) []string {
	t.Helper()
	return names(t, pool, `select c.relname::text from pg_class c
		where c.relnamespace = current_schema::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
		  and c.relname not like 'inbox%' and c.relname not like 'goose%' and c.relname <> 'fact' order by 1`)
}

// filled lists the columns of a table that the database fills by itself with what differs from run to run.
func filled(t testing.TB, pool *pgxpool.Pool, table string) []string {
	t.Helper()
	return names(t, pool, `select column_name::text from information_schema.columns
		where table_schema = current_schema and table_name = $1
		  and (column_default like '%now()%' or column_default like '%clock_timestamp()%' or
		       column_default like '%pg_current_xact_id()%' or column_default like '%random%' or column_default like 'nextval%' or is_identity = 'YES')`, table)
}

func names(t testing.TB, pool *pgxpool.Pool, query string, args ...any) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return append([]string{}, list...)
}
