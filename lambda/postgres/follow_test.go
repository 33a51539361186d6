package postgres_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
)

// A password is changed while the pool is in use: connections that are open stay, and new ones come by the new password.
func TestANewPasswordCountsForTheNextConnection(t *testing.T) {
	t.Parallel()
	server := testkit.PostgresURL(t)
	admin := open(t, postgres.Config{URL: server, ConnectTimeout: time.Minute})
	role := fmt.Sprintf("rotated_%d", time.Now().UnixNano())
	do := func(pool *pgxpool.Pool, statement string) {
		t.Helper()
		if _, err := pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	do(admin, "create role "+role+" login password 'first'")
	t.Cleanup(func() {
		cleanup := open(t, postgres.Config{URL: server, ConnectTimeout: time.Minute})
		_, _ = cleanup.Exec(t.Context(), "drop role "+role)
	})
	by := func(password string) string {
		u, err := url.Parse(server)
		if err != nil {
			t.Fatal(err)
		}
		u.User = url.UserPassword(role, password)
		return u.String()
	}
	file := filepath.Join(t.TempDir(), "url")
	write := func(password string) {
		if err := os.WriteFile(file+".new", []byte(by(password)+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(file+".new", file); err != nil {
			t.Fatal(err)
		}
	}
	write("first")
	pool := open(t, postgres.Config{URL: by("first"), URLFile: file, MaxConns: 2, ConnectTimeout: time.Minute})
	kept, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Release()
	do(admin, "alter role "+role+" password 'second'")
	if err := postgres.Ready(pool)(t.Context()); err == nil {
		t.Error("the password before still opens a connection")
	}
	write("second")
	if err := postgres.Ready(pool)(t.Context()); err != nil {
		t.Errorf("by the new password: %v", err)
	}
	if err := kept.Ping(t.Context()); err != nil {
		t.Errorf("a connection from before: %v", err)
	}
}
