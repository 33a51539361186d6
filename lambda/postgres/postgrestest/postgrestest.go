// Package postgrestest makes schemas with a service's tables, for tests.
package postgrestest

import (
	"io/fs"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
)

// Schema returns a pool on a new schema with the tables of these sets of migrations. Schema and pool go when the test ends.
func Schema(t testing.TB, sets ...fs.FS) *pgxpool.Pool {
	t.Helper()
	pool := testkit.Postgres(t)
	Update(t, pool, sets...)
	return pool
}

// Update applies the migrations that the schema does not have yet.
func Update(t testing.TB, pool *pgxpool.Pool, sets ...fs.FS) {
	t.Helper()
	if err := postgres.Migrate(t.Context(), pool, sets...); err != nil {
		t.Fatal(err)
	}
}
