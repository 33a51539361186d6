package run_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"fxcore/lambda/cache"
	"fxcore/lambda/config"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/lambda/testkit"
)

var migrations = fstest.MapFS{"00001_own.sql": {Data: []byte("-- +goose Up\ncreate table own (id int);\n")}}

func TestPostgresAwayAtTheStartIsAwaited(t *testing.T) {
	proxy, u := testkit.Through(t, testkit.PostgresURL(t))
	proxy.Cut()
	app, _ := newApp(t)
	pool := app.Postgres(postgres.Config{URL: u, ConnectTimeout: time.Second}, "ignored")
	pool2 := app.Postgres(postgres.Config{URL: u, ConnectTimeout: time.Second}, "ignored", migrations)
	if pool == nil || pool2 == nil {
		t.Fatal("no pool while the server is away")
	}
	ctx, cancel := context.WithCancel(t.Context())
	app.Add("later", func(ctx context.Context) error {
		defer cancel()
		_, err := pool2.Exec(ctx, "insert into own values (1)")
		return err
	}, nil)
	ended := make(chan int, 1)
	go func() { ended <- app.Live(ctx) }()
	testkit.Eventually(t, "the reason to show", 20*time.Second, func() error {
		if reason := app.Health.Status(t.Context()).Reasons["start"]; !strings.HasPrefix(reason, "postgres: ") {
			return fmt.Errorf("reason %q", reason)
		}
		return nil
	})
	proxy.Heal()
	if code := <-ended; code != 0 {
		t.Fatalf("exit code %d", code)
	}
}

func TestRedisAwayIsAWarning(t *testing.T) {
	app, _ := newApp(t)
	rdb := app.Redis(cache.Config{URL: "rediss://127.0.0.1:1/0", CAFile: testkit.CA(t), PoolSize: 1, DialTimeout: time.Second, Timeout: time.Second})
	defer func() { _ = rdb.Close() }()
	status := app.Health.Status(t.Context())
	if status.Warnings["redis"] == "" || status.Reasons["redis"] != "" {
		t.Fatalf("%+v", status)
	}
}

func TestWrongSettingsStartNothing(t *testing.T) {
	var out bytes.Buffer
	app := run.NewForTest("service", config.Base{HealthAddr: "127.0.0.1:0"}, &out)
	app.Postgres(postgres.Config{URL: "mysql://"}, "schema")
	app.Redis(cache.Config{URL: "amqp://"})
	app.Add("a", func(context.Context) error { return errors.New("started") }, nil)
	code := app.Run()
	if code != 2 || !strings.Contains(out.String(), "POSTGRES_URL") || !strings.Contains(out.String(), "REDIS_URL") {
		t.Fatalf("exit code %d, log: %s", code, &out)
	}
}
