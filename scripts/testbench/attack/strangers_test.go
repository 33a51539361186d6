//go:build e2e

package attack

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	amqp091 "github.com/rabbitmq/amqp091-go"
	"github.com/redis/go-redis/v9"

	"fxcore/lambda/cache"
	"fxcore/scripts/internal/programs"
)

// A stranger knows where the servers are, and every name that a server is known to come with.
func TestStrangersAreNotLetIn(t *testing.T) {
	c := theCore(t)
	t.Run("broker", func(t *testing.T) {
		for _, user := range []*url.Userinfo{url.UserPassword("guest", "guest"), url.UserPassword("fxcore", "fxcore"), url.UserPassword("auth", "")} {
			if conn, err := dial(as(t, c.urls["amqp"], user)); err == nil {
				_ = conn.Close()
				t.Errorf("the broker lets %s in", user)
			} else if !errors.Is(err, amqp091.ErrCredentials) {
				t.Errorf("as %s: %v, want a refusal", user, err)
			}
		}
	})
	t.Run("database", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), attackBound)
		defer cancel()
		for _, user := range []*url.Userinfo{url.User("postgres"), url.UserPassword("postgres", "postgres"), url.UserPassword("trading", "trading")} {
			if conn, err := pgx.Connect(ctx, as(t, c.urls["postgres"], user)); err == nil {
				_ = conn.Close(ctx)
				t.Errorf("the database lets %s in", user)
			}
		}
	})
	t.Run("cache", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), attackBound)
		defer cancel()
		for _, user := range []*url.Userinfo{nil, url.UserPassword("default", "redis")} {
			options, err := cache.Options(as(t, c.urls["redis"], user), "")
			if err != nil {
				t.Fatal(err)
			}
			client := redis.NewClient(options)
			if err := client.Ping(ctx).Err(); err == nil {
				t.Errorf("the cache lets %s in", user)
			}
			_ = client.Close()
		}
	})
}

// as returns a server's URL for another user.
func as(t *testing.T, address string, user *url.Userinfo) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = user
	return u.String()
}

// An attack proves nothing if the attacker could not have come in at all: each program's settings open each of its servers.
func TestAProgramsSettingsOpenItsServers(t *testing.T) {
	c := theCore(t)
	for _, p := range programs.Services() {
		m := c.means(t, p.Name)
		if p.Uses(programs.AMQP) {
			m.broker(t)
		}
		if p.Uses(programs.Postgres) {
			var role string
			if err := m.database(t).QueryRow(t.Context(), `SELECT current_user`).Scan(&role); err != nil || role != cmp.Or(p.Role, p.Name) {
				t.Errorf("%s is %q in the database: %v", p.Name, role, err)
			}
		}
		if p.Uses(programs.Redis) {
			if err := m.redis(t).HLen(t.Context(), "none").Err(); err != nil && !strings.Contains(err.Error(), "NOPERM") {
				t.Errorf("the cache does not let %s in: %v", p.Name, err)
			}
		}
	}
	if err := c.database(t).Ping(t.Context()); err != nil {
		t.Error(err)
	}
}
