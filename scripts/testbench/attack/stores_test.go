//go:build e2e

package attack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"fxcore/scripts/internal/programs"
)

// rightsFile lists what the database's roles may do. UPDATE_SAMPLES=1 writes it anew: read the difference.
const rightsFile = "testdata/postgres.txt"

// table is a table or a view of the core.
type table struct {
	schema, name string
	columns      []string // those that a statement can write
}

func (t table) String() string { return pgx.Identifier{t.schema, t.name}.Sanitize() }

// tables returns all tables of all schemas. A day of a table gives no rights of its own, so one stands for all.
func tables(t *testing.T, admin *pgx.Conn) []table {
	t.Helper()
	rows, err := admin.Query(t.Context(), `select n.nspname::text, regexp_replace(c.relname, '_\d{8}$|_before_\d+$', '_0'), array_agg(a.attname::text order by a.attnum)
		from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
		where c.relkind in ('r', 'p', 'v', 'm') and n.nspname !~ '^pg_|information_schema' and a.attidentity = '' and c.relname !~ '_\d{8}$|_before_\d+$'
		group by 1, 2 order by 1, 2`)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (one table, err error) {
		err = row.Scan(&one.schema, &one.name, &one.columns)
		return one, err
	})
	if err != nil || len(all) < 50 {
		t.Fatalf("%d tables, %v", len(all), err)
	}
	return all
}

// may tries a statement that would change nothing, in a transaction that is rolled back.
func may(ctx context.Context, conn *pgx.Conn, statement string) (bool, error) {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	_, err = tx.Exec(ctx, statement)
	var answer *pgconn.PgError
	if err != nil && !errors.As(err, &answer) {
		return false, err
	}
	return err == nil, nil
}

// rights tries each kind of statement on a table.
func rights(t *testing.T, conn *pgx.Conn, of table) string {
	t.Helper()
	try := func(format string, args ...any) bool {
		can, err := may(t.Context(), conn, fmt.Sprintf(format, args...))
		if err != nil {
			t.Fatal(err)
		}
		return can
	}
	var all []string
	first := pgx.Identifier{of.columns[0]}.Sanitize()
	for _, kind := range []struct{ name, statement string }{
		{"select", fmt.Sprintf("select from %s limit 0", of)},
		{"insert", fmt.Sprintf("insert into %s (%s) select %s from %s where false", of, first, first, of)},
		{"delete", fmt.Sprintf("delete from %s where false", of)},
		{"truncate", fmt.Sprintf("set local lock_timeout = '1s'; truncate %s", of)},
		{"alter", fmt.Sprintf("set local lock_timeout = '1s'; alter table %s disable trigger all", of)},
		{"drop", fmt.Sprintf("set local lock_timeout = '1s'; drop table %s", of)},
	} {
		if try("%s", kind.statement) {
			all = append(all, kind.name)
		}
	}
	var columns []string
	for _, name := range of.columns {
		if column := (pgx.Identifier{name}).Sanitize(); try("update %s set %s = %s where false", of, column, column) {
			columns = append(columns, name)
		}
	}
	switch {
	case len(columns) == len(of.columns):
		all = append(all, "update")
	case len(columns) > 0:
		all = append(all, "update("+strings.Join(columns, ", ")+")")
	}
	return strings.Join(all, " ")
}

// Somebody has the password of a program's role. What the role may do, in every table of every schema, is what the file says.
func TestARoleMayDoWhatTheListSaysAndNothingElse(t *testing.T) {
	c := theCore(t)
	all := tables(t, c.database(t))
	var out strings.Builder
	for _, p := range programs.Ours() {
		if !p.Uses(programs.Postgres) {
			continue
		}
		conn := c.means(t, p.Name).database(t)
		for _, one := range all {
			if can := rights(t, conn, one); can != "" {
				fmt.Fprintf(&out, "%s: %s.%s: %s\n", p.Name, one.schema, one.name, can)
			}
		}
	}
	if os.Getenv("UPDATE_SAMPLES") != "" {
		if err := os.WriteFile(rightsFile, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(rightsFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(out.String(), "\n")); diff != "" {
		t.Error(diff)
	}
}

// What no role may do, whatever the table.
func TestARoleCannotLeaveItsSchemaOrBecomeMore(t *testing.T) {
	c := theCore(t)
	for _, p := range programs.Ours() {
		if !p.Uses(programs.Postgres) {
			continue
		}
		m := c.means(t, p.Name)
		conn := m.database(t)
		for _, statement := range []string{
			"create table mine (id int)", "create table public.mine (id int)", "create schema mine", "create temporary table mine (id int)",
			"create function mine() returns int language sql as 'select 1'", "create role mine", "alter role current_user superuser",
			"alter role current_user connection limit -1", "set role postgres", "set session authorization postgres", "copy (select 1) to program 'true'",
			"select pg_read_file('/etc/passwd')", "set session_replication_role = replica", "create extension dblink", "alter system set fsync = off",
			"select * from pg_authid", "select lo_import('/etc/passwd')", "set role " + conn.Config().User + "_owner",
		} {
			if can, err := may(t.Context(), conn, statement); err != nil || can {
				t.Errorf("%s may %s, %v", p.Name, statement, err)
			}
		}
		for _, database := range []string{"postgres", "template1"} {
			other := strings.Replace(m.setting(t, "POSTGRES_URL"), "/fxcore?", "/"+database+"?", 1)
			if conn, err := pgx.Connect(t.Context(), other); err == nil {
				_ = conn.Close(context.Background())
				t.Errorf("%s connects to the database %s", p.Name, database)
			}
		}
	}
}

// A role has so many connections and no more, so that one program cannot keep the others out.
func TestARoleHasABoundOfConnections(t *testing.T) {
	rows, err := theCore(t).database(t).Query(t.Context(), `select rolname::text from pg_roles
		where rolname !~ '^pg_' and rolname <> 'postgres' and (rolconnlimit not between 1 and 100 or rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls)`)
	if err != nil {
		t.Fatal(err)
	}
	if loose, err := pgx.CollectRows(rows, pgx.RowTo[string]); err != nil || len(loose) > 0 {
		t.Errorf("no bound, or more than a login: %q, %v", loose, err)
	}
}

// Somebody has a program's password of Redis. The program's sets can be read, and nothing can be written: once, credit lines could.
func TestAReaderOfSetsReadsItsOwnAndWritesNone(t *testing.T) {
	c := theCore(t)
	sets, err := c.observer("REDIS_URL", "redis").redis(t).HKeys(t.Context(), "static:meta").Result()
	if err != nil || len(sets) < 19 {
		t.Fatalf("%d sets, %v", len(sets), err)
	}
	slices.Sort(sets)
	var found strings.Builder
	found.WriteString("# What each program's credentials can do in Redis\n\nFilled by `make attack`, which tries every set. " +
		"`UPDATE_SAMPLES=1 make attack RUN=TestAReaderOfSets` writes it.\n\n| credentials of | read the sets | write |\n| --- | --- | --- |\n")
	for _, p := range programs.Ours() {
		if !p.Uses(programs.Redis) {
			continue
		}
		r := c.means(t, p.Name).redis(t)
		var read []string
		writes := "no"
		for _, set := range sets {
			err := r.HGetAll(t.Context(), "static:"+set+":1").Err()
			if reads := err == nil; reads != (p.Fills || slices.Contains(p.Sets, set)) {
				t.Errorf("%s reads the set %s: %v", p.Name, set, err)
			} else if reads {
				read = append(read, set)
			}
			if p.Fills {
				if err := r.HDel(t.Context(), "static:"+set+":0", "none").Err(); err == nil {
					writes = "all of them; readers refuse what the mainframe's gateway has not signed"
				}
				continue
			}
			forged := fmt.Sprintf(`{"set":%q,"version":9000000000000000,"as_of":"2099-01-01T00:00:00Z","loaded_at":"2099-01-01T00:00:00Z","count":1}`, set)
			for what, err := range map[string]error{
				"describes": r.HSet(t.Context(), "static:meta", set, forged).Err(), "writes": r.HSet(t.Context(), "static:"+set+":9000000000000000", "x", "{}").Err(),
				"deletes": r.Del(t.Context(), "static:"+set+":1").Err(), "expires": r.PExpire(t.Context(), "static:meta", 1).Err(),
			} {
				if err == nil || !strings.Contains(err.Error(), "NOPERM") {
					t.Errorf("%s %s the set %s: %v", p.Name, what, set, err)
				}
			}
		}
		fmt.Fprintf(&found, "| %s | %s | %s |\n", p.Name, strings.Join(read, ", "), writes)
		for _, command := range []string{
			"FLUSHALL", "KEYS *", "SCAN 0", "CONFIG GET *", "ACL LIST", "SHUTDOWN NOSAVE", "REPLICAOF 127.0.0.1 1", "DEBUG SLEEP 0", "MODULE LIST", "SAVE", "MONITOR", "CLIENT LIST",
			"SCRIPT FLUSH",
		} {
			var words []any
			for word := range strings.FieldsSeq(command) {
				words = append(words, word)
			}
			err := r.Do(t.Context(), words...).Err() // DEBUG is refused to everybody, before the user's rights are looked at
			if err == nil || !strings.Contains(err.Error(), "NOPERM") && !strings.Contains(err.Error(), "not allowed") {
				t.Errorf("%s tries %s: %v", p.Name, command, err)
			}
		}
	}
	compare(t, "redis.md", found.String())
}
