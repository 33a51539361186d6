package server_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"
	"github.com/redis/go-redis/v9"

	"fxcore/lambda/cache"
	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/server"
)

// replaced draws a secret anew, and returns the value before and the one in use.
func replaced(t *testing.T, s server.Setting, secret string) (before, now string) {
	t.Helper()
	before, err := s.Folder.Secret(secret)
	if err != nil {
		t.Fatal(err)
	}
	now = folder.Draw()
	if err := s.Folder.Replace(secret, now); err != nil {
		t.Fatal(err)
	}
	return before, now
}

// The superuser changes its own password, too, and then comes in by the new one.
func TestPasswordsInPostgresChangeAndConnectionsStay(t *testing.T) {
	const wrongPassword = "28P01"
	s := start(t)
	for _, role := range []string{server.Superuser, "auth", server.OwnerOf("trading")} {
		before, now := replaced(t, s, server.PostgresSecret(role))
		open, err := connect(t, s, role, before)
		if err != nil {
			t.Fatal(err)
		}
		if err := server.ChangePostgresPassword(t.Context(), s, role); err != nil {
			t.Fatal(err)
		}
		if err := s.Folder.Forget(server.PostgresSecret(role)); err != nil {
			t.Fatal(err)
		}
		if _, err := connect(t, s, role, now); err != nil {
			t.Errorf("%s by the new password: %v", role, err)
		}
		if _, err := connect(t, s, role, before); !refused(err, wrongPassword) {
			t.Errorf("%s by the password before: %v", role, err)
		}
		if _, err := open.Exec(t.Context(), "select 1"); err != nil {
			t.Errorf("%s on a connection from before: %v", role, err)
		}
		log, err := os.ReadFile(s.Folder.Log("postgres"))
		if err != nil || strings.Contains(string(log), now) {
			t.Errorf("the log has the password of %s: %v", role, err)
		}
	}
}

func TestPasswordsInRedisChangeAndTwoCountMeanwhile(t *testing.T) {
	s := newSetting(t)
	users := []server.RedisUser{{Name: "desk", Sets: []string{"desks"}}}
	store, err := server.Redis(s, users)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	supervise(t, store.Spec)
	login := func(user, password string) (*redis.Client, error) {
		c, err := cache.Open(cache.Config{URL: server.RedisURL(s.Ports, user, password), CAFile: s.CAFile(), PoolSize: 1, DialTimeout: time.Minute, Timeout: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c, c.Ping(t.Context()).Err()
	}
	for _, user := range []string{server.RedisAdmin, "desk"} {
		before, now := replaced(t, s, server.RedisSecret(user))
		open, err := login(user, before)
		if err != nil {
			t.Fatal(err)
		}
		if err := server.ChangeRedisPasswords(t.Context(), s, users); err != nil {
			t.Fatal(err)
		}
		for what, password := range map[string]string{"new": now, "before": before} {
			if _, err := login(user, password); err != nil {
				t.Errorf("meanwhile, %s by the password %s: %v", user, what, err)
			}
		}
		if err := s.Folder.Forget(server.RedisSecret(user)); err != nil {
			t.Fatal(err)
		}
		if err := server.ChangeRedisPasswords(t.Context(), s, users); err != nil {
			t.Fatal(err)
		}
		if _, err := login(user, now); err != nil {
			t.Errorf("%s by the new password: %v", user, err)
		}
		if _, err := login(user, before); err == nil || !strings.Contains(err.Error(), "WRONGPASS") {
			t.Errorf("%s by the password before: %v", user, err)
		}
		if err := open.Ping(t.Context()).Err(); err != nil {
			t.Errorf("%s on a connection from before: %v", user, err)
		}
	}
	settings, err := os.ReadFile(filepath.Join(s.Folder.Data("redis"), "redis.conf"))
	if err != nil || strings.Count(string(settings), "user desk on #") != 1 {
		t.Errorf("after a restart desk does not come in: %v", err)
	}
}

// The broker's command line comes in by the cookie, so it works after each change.
func TestPasswordsAndTheCookieOfTheBrokerChangeAndConnectionsStay(t *testing.T) {
	s := newSetting(t)
	servers, err := server.RabbitMQ(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range servers {
		if err := one.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		supervise(t, one.Spec)
	}
	cookie := func() string {
		text, err := os.ReadFile(filepath.Join(s.Folder.Data("rabbitmq"), ".erlang.cookie"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for range 2 {
		was := cookie()
		before, now := replaced(t, s, server.BrokerSecret(server.BrokerAdmin))
		open, err := server.DialAMQP(t.Context(), s.Trusting(server.AMQPURL(s.Ports, before)))
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(server.ChangeBrokerPasswords(t.Context(), s), server.ChangeCookie(t.Context(), s)); err != nil {
			t.Fatal(err)
		}
		if cookie() == was {
			t.Error("the cookie is the same")
		}
		if conn, err := server.DialAMQP(t.Context(), s.Trusting(server.AMQPURL(s.Ports, now))); err != nil {
			t.Errorf("by the new password: %v", err)
		} else {
			_ = conn.Close()
		}
		var answer *amqp091.Error
		if _, err := server.DialAMQP(t.Context(), s.Trusting(server.AMQPURL(s.Ports, before))); !errors.As(err, &answer) || answer.Code != amqp091.AccessRefused {
			t.Errorf("by the password before: %v", err)
		}
		if ch, err := open.Channel(); err != nil {
			t.Errorf("on a connection from before: %v", err)
		} else {
			_ = ch.Close()
		}
		_ = open.Close()
	}
	left, err := filepath.Glob(filepath.Join(s.Folder.Data("rabbitmq"), "*.given"))
	if err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}
