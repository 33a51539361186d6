package cache_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"fxcore/lambda/cache"
	"fxcore/lambda/testkit"
)

func TestOpenAndReady(t *testing.T) {
	t.Parallel()
	rdb := open(t, cache.Config{URL: testkit.RedisURL(t), PoolSize: 2, DialTimeout: time.Minute, Timeout: time.Minute, Name: "here"})
	if err := cache.Ready(rdb)(t.Context()); err != nil {
		t.Fatal(err)
	}
	if name := rdb.ClientGetName(t.Context()).Val(); name != "here" {
		t.Fatalf("the connection is called %q", name)
	}
}

func TestOpenDoesNotNeedTheServer(t *testing.T) {
	t.Parallel()
	rdb := open(t, cache.Config{URL: "rediss://127.0.0.1:1/0", CAFile: testkit.CA(t), PoolSize: 1, DialTimeout: time.Second, Timeout: time.Second})
	if err := cache.Ready(rdb)(t.Context()); err == nil {
		t.Fatal("a server that is not there is ready")
	}
}

func TestTheContextBoundsACommand(t *testing.T) {
	t.Parallel()
	rdb := open(t, cache.Config{URL: testkit.RedisURL(t), PoolSize: 1, DialTimeout: time.Second, Timeout: time.Minute})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := rdb.BLPop(ctx, 0, "never").Err(); !errors.Is(err, context.DeadlineExceeded) && !isTimeout(err) {
		t.Fatalf("error: %v", err)
	}
}

func TestOpenRefusesAURLWithoutShowingItsPassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"amqp://u:hidden@host", "rediss://u:hidden@host:port:port/0", "rediss://u:hidden@host/none", "redis://u:hidden@host/0"} {
		_, err := cache.Open(cache.Config{URL: url})
		if err == nil || strings.Contains(err.Error(), "hidden") || !strings.Contains(err.Error(), "REDIS_URL") {
			t.Errorf("%s: error %v", url, err)
		}
	}
}

func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.As(err, &timeout) && timeout.Timeout()
}

func open(t *testing.T, cfg cache.Config) *redis.Client {
	t.Helper()
	rdb, err := cache.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rdb.Close() })
	return rdb
}
