package testkit

import (
	"context"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// poolSize bounds the connections of one test's pool, so that many tests at once stay within the server's limit.
const poolSize = "8"

// Postgres returns a pool whose search_path is a new, empty schema. When the test ends, the pool is closed and the schema
// dropped.
func Postgres(t testing.TB) *pgxpool.Pool {
	t.Helper()
	return PostgresAt(t, PostgresURL(t))
}

// PostgresAt returns a pool on a schema that the test has made. It is closed when the test ends.
func PostgresAt(t testing.TB, u string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(context.Background(), u)
	if err != nil {
		t.Fatalf("open test pool: %v", err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// PostgresURL returns a URL whose search_path is a new, empty schema alone, so a statement that names a table of another schema
// without that schema fails. It is for tests that open their own pool or start a whole service.
func PostgresURL(t testing.TB) string {
	t.Helper()
	server, schema := address(t, PostgresVariable), name()
	execute(t, server, "create schema "+schema)
	t.Cleanup(func() { execute(t, server, "drop schema "+schema+" cascade") })
	return withSchema(t, server, schema)
}

func withSchema(t testing.TB, server, schema string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s: %v", PostgresVariable, err)
	}
	query := u.Query()
	query.Set("search_path", schema)
	query.Set("pool_max_conns", poolSize)
	u.RawQuery = query.Encode()
	return u.String()
}

func execute(t testing.TB, server, statement string) {
	t.Helper()
	ctx, cancel := bounded()
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatalf("%s: %v", PostgresVariable, err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
