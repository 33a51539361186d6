package cache_test

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"fxcore/lambda/cache"
	"fxcore/lambda/testkit"
)

// While a password is replaced the server knows both. Afterwards a new connection comes by the new one.
func TestANewPasswordCountsForTheNextConnection(t *testing.T) {
	t.Parallel()
	server := testkit.RedisURL(t)
	admin := open(t, cache.Config{URL: server, PoolSize: 1, DialTimeout: time.Minute, Timeout: time.Minute})
	user := "rotated-" + time.Now().Format("150405.000000000")
	acl := func(rules ...any) {
		t.Helper()
		if err := admin.Do(t.Context(), append([]any{"ACL", "SETUSER", user}, rules...)...).Err(); err != nil {
			t.Fatal(err)
		}
	}
	acl("on", ">first", "+@all", "~*")
	by := func(password string) string {
		u, err := url.Parse(server)
		if err != nil {
			t.Fatal(err)
		}
		u.User = url.UserPassword(user, password)
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
	client := open(t, cache.Config{URL: by("first"), URLFile: file, PoolSize: 2, DialTimeout: time.Minute, Timeout: time.Minute})
	kept := client.Conn()
	t.Cleanup(func() {
		_ = kept.Close()
		_ = admin.Do(t.Context(), "ACL", "DELUSER", user).Err()
	})
	if err := kept.Ping(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	acl(">second")
	write("second")
	acl("<first")
	fresh := func() error {
		c := client.Conn()
		defer func() { _ = c.Close() }()
		return c.Ping(t.Context()).Err()
	}
	if err := fresh(); err != nil {
		t.Errorf("by the new password: %v", err)
	}
	if err := kept.Ping(t.Context()).Err(); err != nil {
		t.Errorf("a connection from before: %v", err)
	}
	old := open(t, cache.Config{URL: by("first"), PoolSize: 1, DialTimeout: time.Minute, Timeout: time.Minute})
	if err := old.Ping(t.Context()).Err(); err == nil || err == redis.Nil { //nolint:errorlint // the library returns it bare
		t.Error("the password before still opens a connection")
	}
}
