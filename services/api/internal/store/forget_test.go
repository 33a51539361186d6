package store_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/api/internal/store"
)

func setUp(t *testing.T) (*pgxpool.Pool, store.Forgetting) {
	t.Helper()
	pool := postgrestest.Schema(t, inbox.Migrations, store.Migrations)
	return pool, store.Forgetting{Model: store.Model{Pool: pool}, Originals: 43_800 * time.Hour, Log: testkit.Log(t)}
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

// A flood of logins three days ago is not deleted by one statement, which would hold back the stream and be cancelled in the end.
func TestWhatIsOldIsForgottenInParts(t *testing.T) {
	pool, f := setUp(t)
	execute(t, pool, `create table part (rows int);
		create function note() returns trigger language plpgsql as $$ begin insert into part select count(*) from gone; return null; end $$;
		create trigger note after delete on token referencing old table as gone for each statement execute function note()`)
	execute(t, pool, "insert into token (hash, expires_at, noted_at) select n, now() - interval '73 hours', now() - interval '74 hours' from generate_series(1, 25000) n")
	execute(t, pool, "insert into token (hash, issued_at, expires_at, noted_at) values ('a', now(), now() - interval '71 hours', now() - interval '80 hours')")
	if err := f.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left, most := number(t, pool, "select count(*) from token"), number(t, pool, "select max(rows) from part"); left != 1 || most > 10_000 {
		t.Errorf("%d are left, and one statement has deleted %d", left, most)
	}
}

// A refusal is of use while its caller waits. A revocation that came before its token must meet it.
func TestARefusalIsForgottenSoon(t *testing.T) {
	pool, f := setUp(t)
	execute(t, pool, `insert into token (hash, code, revoked, noted_at) values ('refused long ago', 'bad_credentials', false, now() - interval '2 hours'),
		('refused now', 'bad_credentials', false, now()), ('revoked', '', true, now() - interval '2 hours')`)
	if err := f.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := number(t, pool, "select count(*) from token where hash in ('refused now', 'revoked')"); left != 2 || number(t, pool, "select count(*) from token") != 2 {
		t.Errorf("%d of the two are left", left)
	}
}

func TestAKindThatCannotBeForgottenLeavesTheOthersAlone(t *testing.T) {
	pool, f := setUp(t)
	execute(t, pool, "insert into request (owner, key, digest, subject, event, asked_at) values ('U0001', 'k', '', gen_random_uuid(), '{}', now() - interval '73 hours')")
	execute(t, pool, "alter table token rename to elsewhere")
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
