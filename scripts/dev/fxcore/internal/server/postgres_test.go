package server_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"fxcore/scripts/dev/fxcore/internal/server"
)

// start runs a PostgreSQL for this test, with two roles.
func start(t *testing.T) server.Setting {
	t.Helper()
	setting := newSetting(t)
	postgres, err := server.Postgres(setting, []string{"auth", "trading"})
	if err != nil {
		t.Fatal(err)
	}
	if err := postgres.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	supervise(t, postgres.Spec)
	for range 2 { // a second start must accept what exists
		if err := postgres.Provision(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return setting
}

func connect(t *testing.T, s server.Setting, role, password string) (*pgx.Conn, error) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), server.PostgresURL(s.Ports, role, password, server.Database))
	if err == nil {
		t.Cleanup(func() { _ = conn.Close(context.Background()) })
	}
	return conn, err
}

func refused(err error, code string) bool {
	var answer *pgconn.PgError
	return errors.As(err, &answer) && answer.Code == code
}

func TestARoleHasItsOwnSchemaAndNoOther(t *testing.T) {
	const noPrivilege, wrongPassword = "42501", "28P01"
	s := start(t)
	if _, err := connect(t, s, "auth", "guessed"); !refused(err, wrongPassword) {
		t.Errorf("a guessed password: %v", err)
	}
	conns := map[string]*pgx.Conn{}
	for _, role := range []string{"auth", "trading"} {
		password, err := s.Folder.Secret("postgres-" + role)
		if err != nil {
			t.Fatal(err)
		}
		if conns[role], err = connect(t, s, role, password); err != nil {
			t.Fatal(err)
		}
		if _, err := conns[role].Exec(t.Context(), "create table inbox (id int)"); err != nil {
			t.Errorf("%s in its own schema: %v", role, err)
		}
	}
	for _, statement := range []string{"select * from trading.inbox", "create table trading.mine ()", "create table public.mine ()", "create schema mine"} {
		if _, err := conns["auth"].Exec(t.Context(), statement); !refused(err, noPrivilege) {
			t.Errorf("auth may %q: %v", statement, err)
		}
	}
}

func TestWhatIsConfirmedIsOnDisk(t *testing.T) {
	s := start(t)
	password, err := s.Folder.Secret("postgres-auth")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := connect(t, s, "auth", password)
	if err != nil {
		t.Fatal(err)
	}
	for _, setting := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		var value string
		if err := conn.QueryRow(t.Context(), "show "+setting).Scan(&value); err != nil || value != "on" {
			t.Errorf("%s is %q, %v", setting, value, err)
		}
	}
}
