package signin_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
	"fxcore/services/signin"
)

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
	pool := postgrestest.Schema(t, signin.Migrations)
	f := signin.Store{Pool: pool}
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
	pool := postgrestest.Schema(t, signin.Migrations)
	f := signin.Store{Pool: pool}
	execute(t, pool, `insert into token (hash, code, revoked, noted_at) values ('refused long ago', 'bad_credentials', false, now() - interval '2 hours'),
		('refused now', 'bad_credentials', false, now()), ('revoked', '', true, now() - interval '2 hours')`)
	if err := f.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := number(t, pool, "select count(*) from token where hash in ('refused now', 'revoked')"); left != 2 || number(t, pool, "select count(*) from token") != 2 {
		t.Errorf("%d of the two are left", left)
	}
}

// A revocation may overtake the token that it is about: in any order the token is revoked.
func TestTheStepsOfTokens(t *testing.T) {
	var events []event.Event
	for _, typ := range []event.Type{contract.TokenIssued, contract.TokenRefused, contract.TokenRevoked} {
		e, err := event.New(typ, event.NewID(testkit.Day, typ.String()), contract.API, "a", sample.Of(t, "services/auth/internal/messages", typ))
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	all := events[2]
	all.ID, all.Data = event.NewID(testkit.Day, "all"), []byte(`{"user":"U0001","by":"U0013","reason":"left","revoked_at":"2026-11-24T12:00:00Z"}`)
	nobody := events[2]
	nobody.ID, nobody.Data = event.NewID(testkit.Day, "bad"), []byte(`{"by":"U0013"}`)
	inboxtest.Exercise(t, inboxtest.Queue[*signin.Batch]{
		Steps: signin.Steps(), Migrations: signin.Migrations, Events: append(events, all), Bad: []event.Event{nobody}, AnyOrder: true,
	})
}
