package testkit

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"fxcore/lambda/cache"
)

const (
	databases = 16               // Redis' default; number 0 holds the claims, the others are for tests
	claimed   = 10 * time.Minute // a claim expires, in case its test dies without cleaning up
)

// Redis returns a client of an empty Redis database that no other test uses, so that keys need no prefix.
func Redis(t testing.TB) *redis.Client {
	t.Helper()
	return RedisAt(t, RedisURL(t))
}

// RedisURL claims a Redis database that no other test has claimed, empties it and returns its URL. It waits while all are
// claimed.
func RedisURL(t testing.TB) string {
	t.Helper()
	server := address(t, RedisVariable)
	database, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s: %v", RedisVariable, err)
	}
	claims, owner := RedisAt(t, server), name()
	number := 0
	Eventually(t, "a free Redis database", patience, func() error {
		number, err = claim(claims, owner)
		return err
	})
	database.Path = "/" + strconv.Itoa(number)
	u := database.String() // with the server's user and password
	flush(t, u)
	t.Cleanup(func() {
		flush(t, u)
		claims.Del(context.Background(), claimKey(number))
	})
	return u
}

var errAllTaken = errors.New("all are taken")

func claim(claims *redis.Client, owner string) (int, error) {
	ctx, cancel := bounded()
	defer cancel()
	for number := 1; number < databases; number++ {
		ok, err := claims.SetNX(ctx, claimKey(number), owner, claimed).Result()
		if err != nil {
			return 0, fmt.Errorf("claim a Redis database: %w", err)
		}
		if ok {
			return number, nil
		}
	}
	return 0, errAllTaken
}

func claimKey(number int) string { return fmt.Sprintf("testkit:database:%d", number) }

func flush(t testing.TB, u string) {
	t.Helper()
	ctx, cancel := bounded()
	defer cancel()
	if err := RedisAt(t, u).FlushDB(ctx).Err(); err != nil {
		t.Fatalf("empty %s: %v", u, err)
	}
}

// RedisAt returns a client of a database that the test has claimed.
func RedisAt(t testing.TB, u string) *redis.Client {
	t.Helper()
	options, err := cache.Options(u, "")
	if err != nil {
		t.Fatalf("%s: %v", RedisVariable, err)
	}
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	options.PoolSize = 4
	rdb := redis.NewClient(options)
	t.Cleanup(func() { _ = rdb.Close() })
	return rdb
}
