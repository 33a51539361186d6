package postgres_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
)

func TestOpenDoesNotNeedTheServer(t *testing.T) {
	t.Parallel()
	pool := open(t, postgres.Config{URL: "postgres://nobody@127.0.0.1:1/none?sslmode=verify-full", ConnectTimeout: time.Second})
	if err := postgres.Ready(pool)(t.Context()); err == nil {
		t.Fatal("a server that is not there is ready")
	}
}

func TestOpenRefusesAURLWithoutShowingItsPassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"postgres://u:hidden@host:notaport/d", "postgres://u:hidden@host/d", "postgres://u:hidden@host/d?sslmode=disable", "postgres://u:hidden@host/d?sslmode=require",
		"postgres://u:hidden@host/d?sslmode=verify-ca",
	} {
		_, err := postgres.Open(t.Context(), postgres.Config{URL: url})
		if err == nil || strings.Contains(err.Error(), "hidden") || !strings.Contains(err.Error(), "POSTGRES_URL") {
			t.Errorf("%s: error %v", url, err)
		}
	}
}

func TestConnectionsAreOpenedAhead(t *testing.T) {
	t.Parallel()
	pool := open(t, postgres.Config{URL: testkit.PostgresURL(t), MaxConns: 3, MinConns: 5, ConnectTimeout: 5 * time.Second})
	testkit.Eventually(t, "three connections", 20*time.Second, func() error {
		if n := pool.Stat().IdleConns(); n != 3 {
			return fmt.Errorf("%d", n)
		}
		return nil
	})
}

func TestSessionSettingsReachTheServer(t *testing.T) {
	t.Parallel()
	pool := open(t, postgres.Config{
		URL: testkit.PostgresURL(t), ApplicationName: "here", StatementTimeout: 7 * time.Second, IdleTransaction: 9 * time.Second,
		Schema: "ignored_because_the_url_names_one",
	})
	for name, want := range map[string]string{
		"application_name": "here", "statement_timeout": "7s", "idle_in_transaction_session_timeout": "9s", "TimeZone": "UTC",
		"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off",
	} {
		var got string
		if err := pool.QueryRow(t.Context(), "select current_setting($1)", name).Scan(&got); err != nil || got != want {
			t.Errorf("%s = %q, want %q (error %v)", name, got, want, err)
		}
	}
	if err := postgres.Ready(pool)(t.Context()); err != nil {
		t.Fatalf("ready: %v", err)
	}
}

var (
	shared = fstest.MapFS{"00001_shared.sql": sqlFile("create table shared (id int);")}
	first  = fstest.MapFS{"migrations/00001_own.sql": sqlFile("create table own (id int);")}
	second = fstest.MapFS{
		"migrations/00001_own.sql":    first["migrations/00001_own.sql"],
		"migrations/00002_colour.sql": sqlFile("alter table own add colour text;"),
	}
)

func TestMigrateAppliesEachSetOnceAndInOrder(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	for range 2 { // the second time is a restart
		if err := postgres.Migrate(t.Context(), pool, shared, first); err != nil {
			t.Fatal(err)
		}
	}
	if err := postgres.Migrate(t.Context(), pool, shared, second); err != nil { // and this an update
		t.Fatal(err)
	}
	want := []string{"fact", "goose_own", "goose_owner", "goose_shared", "own", "shared"}
	if diff := cmp.Diff(want, tables(t, pool)); diff != "" {
		t.Fatalf("tables (-want +got):\n%s", diff)
	}
	if _, err := pool.Exec(t.Context(), "insert into own (id, colour) values (1, 'red')"); err != nil {
		t.Fatal(err)
	}
}

func TestMigrateByReplicasAtOnce(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	errs := make([]error, 3)
	var replicas sync.WaitGroup
	for i := range errs {
		replicas.Go(func() { errs[i] = postgres.Migrate(t.Context(), pool, shared, second) })
	}
	replicas.Wait()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestMigrateCreatesTheSchemaOfTheSearchPath(t *testing.T) {
	t.Parallel()
	server, err := url.Parse(testkit.PostgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	query := server.Query()
	schema := query.Get("search_path") + "_more"
	query.Set("search_path", schema)
	server.RawQuery = query.Encode()
	pool := open(t, postgres.Config{URL: server.String()})
	t.Cleanup(func() {
		_, _ = pool.Exec(context.Background(), "drop schema "+pgx.Identifier{schema}.Sanitize()+" cascade")
	})
	if err := postgres.Migrate(t.Context(), pool, first); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"fact", "goose_own", "goose_owner", "own"}, tables(t, pool)); diff != "" {
		t.Fatal(diff)
	}
}

func TestMigrateSaysWhatIsWrongWithASet(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	for name, test := range map[string]struct {
		set  fstest.MapFS
		says string
	}{
		"empty":         {fstest.MapFS{}, "no .sql file"},
		"without title": {fstest.MapFS{"00001.sql": sqlFile("select 1;")}, "NNNNN_title.sql"},
		"broken":        {fstest.MapFS{"00001_broken.sql": sqlFile("create tabel x ();")}, "goose_broken"},
	} {
		err := postgres.Migrate(t.Context(), pool, test.set)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: error %v does not say %q", name, err, test.says)
		}
	}
	if err := postgres.Migrate(t.Context(), pool, first, first); err == nil {
		t.Error("the same set twice is accepted")
	}
}

func sqlFile(statement string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("-- +goose Up\n" + statement + "\n")}
}

func open(t *testing.T, cfg postgres.Config) *pgxpool.Pool {
	t.Helper()
	pool, err := postgres.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func tables(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), "select tablename::text from pg_tables where schemaname = current_schema() order by 1")
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return names
}
