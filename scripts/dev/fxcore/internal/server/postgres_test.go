package server_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sys/unix"

	"fxcore/lambda/testkit"
	"fxcore/scripts/dev/fxcore/internal/server"
)

// yields is how far the connections of trading yield: as far as a process can, so that it is more than what the tests themselves yield.
const yields = 19

// start runs a PostgreSQL for this test, with two roles.
func start(t *testing.T) server.Setting {
	t.Helper()
	setting := newSetting(t)
	postgres, err := server.Postgres(setting, []string{"auth", "trading"}, map[string]int{"trading": yields})
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
	conn, err := pgx.Connect(t.Context(), s.Trusting(server.PostgresURL(s.Ports, role, password, server.Database)))
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
	for _, role := range []string{"auth", "trading", server.OwnerOf("auth"), server.OwnerOf("trading")} {
		password, err := s.Folder.Secret("postgres-" + role)
		if err != nil {
			t.Fatal(err)
		}
		if conns[role], err = connect(t, s, role, password); err != nil {
			t.Fatal(err)
		}
		_, err = conns[role].Exec(t.Context(), "create table inbox (id int)")
		if owner := strings.HasSuffix(role, "_owner"); owner && err != nil || !owner && !refused(err, noPrivilege) {
			t.Errorf("%s makes a table: %v", role, err)
		}
	}
	for _, statement := range []string{"select * from trading.inbox", "create table trading.mine ()", "create table public.mine ()", "create schema mine", "create temporary table mine ()", "select * from inbox", "set role auth_owner"} {
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

// The kernel counts from 20 downwards: getpriority(2).
func TestConnectionsOfARoleYield(t *testing.T) {
	s := start(t)
	priority := map[string]int{}
	for _, role := range []string{"auth", "trading"} {
		password, err := s.Folder.Secret("postgres-" + role)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := connect(t, s, role, password)
		if err != nil {
			t.Fatal(err)
		}
		pid := int(conn.PgConn().PID())
		if role == "trading" {
			testkit.Eventually(t, "a connection that yields", time.Minute, func() error {
				if got, err := unix.Getpriority(unix.PRIO_PROCESS, pid); err != nil || got != 20-yields {
					return fmt.Errorf("its priority is %d: %w", got, err)
				}
				return nil
			})
		}
		if priority[role], err = unix.Getpriority(unix.PRIO_PROCESS, pid); err != nil {
			t.Fatal(err)
		}
	}
	if own, err := unix.Getpriority(unix.PRIO_PROCESS, 0); err != nil || priority["auth"] != own {
		t.Errorf("a connection of another role has the priority %d, the test %d: %v", priority["auth"], own, err)
	}
}
