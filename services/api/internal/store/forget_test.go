package store_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/services/api/internal/store"
)

func setUp(t *testing.T) (*pgxpool.Pool, store.Forgetting) {
	t.Helper()
	pool := postgrestest.Schema(t, inbox.Migrations, store.Migrations)
	return pool, store.Forgetting{Model: store.Model{Pool: pool}, Originals: 43_800 * time.Hour}
}

func execute(t *testing.T, pool *pgxpool.Pool, statement string) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func number(t *testing.T, pool *pgxpool.Pool, query string) (n int) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAKindThatCannotBeForgottenLeavesTheOthersAlone(t *testing.T) {
	pool, f := setUp(t)
	execute(t, pool, "insert into request (owner, key, digest, subject, event, asked_at) values ('U0001', 'k', '', gen_random_uuid(), '{}', now() - interval '73 hours')")
	execute(t, pool, "alter table job_run rename to elsewhere")
	if err := f.Forget(t.Context()); err == nil {
		t.Error("no error")
	}
	if left := number(t, pool, "select count(*) from request"); left != 0 {
		t.Errorf("%d requests are left", left)
	}
}

// Refused messages are kept as long as other messages of providers.
func TestRefusedMessagesAreForgotten(t *testing.T) {
	pool, f := setUp(t)
	execute(t, pool, `insert into refused_message select gen_random_uuid(), 'ALPHA', 'socket', 'S', 1, now() - n * interval '43801 hours', '', '', '', 0, 0, ''
		from generate_series(0, 2) n`)
	if err := f.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := number(t, pool, "select count(*) from refused_message"); left != 1 {
		t.Errorf("%d are left", left)
	}
}
