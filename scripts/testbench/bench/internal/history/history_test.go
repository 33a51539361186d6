package history_test

import (
	"context"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/postgres"
	"fxcore/lambda/postgres/daily"
	"fxcore/lambda/testkit"
	"fxcore/scripts/testbench/bench/internal/history"
)

// bank is a database of its own with two of the core's tables, in the schemas of their programs. The programs' role owns them.
func bank(t *testing.T) (address, role string, pool *pgxpool.Pool) {
	t.Helper()
	server, err := url.Parse(testkit.PostgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	name := "history_" + server.Query().Get("search_path")
	server.RawQuery = ""
	main := server.String()
	admin(t, main, "create role "+name)
	t.Cleanup(func() { admin(t, main, "drop role "+name) })
	admin(t, main, "create database "+name)
	t.Cleanup(func() { admin(t, main, "drop database "+name+" with (force)") })
	server.Path = "/" + name
	pool = testkit.PostgresAt(t, server.String())
	for schema, columns := range map[string]string{
		"auth": "id uuid primary key, emitted bytea, at timestamptz not null default now()", "fixgateway": "id uuid primary key, at timestamptz not null default now()",
	} {
		_, err := pool.Exec(t.Context(), fmt.Sprintf(`create schema %[1]s authorization %[3]s; set role %[3]s;
			create table %[1]s.inbox (%[2]s) partition by range (id); create table %[1]s.inbox_rest partition of %[1]s.inbox default; create table %[1]s.inbox_before (%[2]s); reset role`, schema, columns, name))
		if err != nil {
			t.Fatal(err)
		}
	}
	return server.String(), name, pool
}

func admin(t *testing.T, server, statement string) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), server)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(context.Background(), statement); err != nil {
		t.Fatal(err)
	}
}

// The history is in the partitions of its days, and the core purges the oldest day, and that alone, once its rows are old.
func TestAHistoryIsWhatTheCoreWouldHaveKept(t *testing.T) {
	server, role, pool := bank(t)
	const expiry = 2 * time.Second
	for range 2 { // a second run adds to the first
		if err := history.Fill(t.Context(), server, history.Rows{Number: 310}, expiry); err != nil {
			t.Fatal(err)
		}
	}
	for schema, want := range map[string]struct{ days, kept, rows, left int }{
		"auth": {31, 30, 620, 600}, "fixgateway": {4, 3, 616, 462},
	} {
		if rows, parts := count(t, pool, schema); rows != want.rows || parts != want.days {
			t.Errorf("%s: %d rows in %d partitions, want %d in %d", schema, rows, parts, want.rows, want.days)
		}
		conn := testkit.PostgresAt(t, server+"?search_path="+schema+"&role="+role)
		keep := time.Duration(want.kept) * 24 * time.Hour
		if err := postgres.Migrate(t.Context(), conn); err != nil { // the owner's functions
			t.Fatal(err)
		}
		table := daily.Table{Name: "inbox", Keep: keep}
		testkit.Eventually(t, "the locks", time.Minute, func() error { // a statement under the lock has little time, and the core tries again
			return table.Tend(t.Context(), conn, time.Now().Add(expiry+time.Minute))
		})
		if rows, _ := count(t, pool, schema); rows != want.left {
			t.Errorf("%s: %d rows left, want %d", schema, rows, want.left)
		}
	}
}

func TestAHistoryCanBeOfSomePrograms(t *testing.T) {
	server, _, pool := bank(t)
	if err := history.Fill(t.Context(), server, history.Rows{Number: 31, Of: []string{"auth"}}, time.Minute); err != nil {
		t.Fatal(err)
	}
	if auth, _ := count(t, pool, "auth"); auth != 31 {
		t.Errorf("%d rows of auth, want 31", auth)
	}
	if gateway, _ := count(t, pool, "fixgateway"); gateway != 0 {
		t.Errorf("%d rows of the gateway, want none", gateway)
	}
	if err := history.Fill(t.Context(), server, history.Rows{Number: 31, Of: []string{"auth", "outh"}}, time.Minute); err == nil {
		t.Error("a program that does not exist was not refused")
	}
}

func count(t *testing.T, pool *pgxpool.Pool, schema string) (rows, partitions int) {
	t.Helper()
	err := pool.QueryRow(t.Context(), fmt.Sprintf("select count(*), count(distinct tableoid) from %s.inbox", schema)).Scan(&rows, &partitions)
	if err != nil {
		t.Fatal(err)
	}
	return rows, partitions
}
