package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"fxcore/lambda/amqp"
	"fxcore/lambda/cache"
	"fxcore/lambda/config"
	"fxcore/lambda/event"
	"fxcore/lambda/mirror"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/lambda/testkit"
	"fxcore/services/responsibility/internal/messages"
)

// The whole service on real servers: a registered trade goes in by the broker, who answers for it comes out, and at
// SIGTERM nothing of the service is left behind.
func TestATradeIsAssignedAndTheServiceStopsWithoutARemnant(t *testing.T) {
	t.Cleanup(noRemnant(t))
	broker, redisURL := testkit.AMQP(t), testkit.RedisURL(t)
	fillDesks(t, redisURL)
	trading, assigned := openTrading(t, broker)

	app := service(settings{
		Base:      config.Base{Replica: "test", HealthAddr: "127.0.0.1:0"},
		AMQP:      amqp.Config{URL: broker},
		Postgres:  postgres.Config{URL: testkit.PostgresURL(t), ConnectTimeout: 5 * time.Second},
		Redis:     cache.Config{URL: redisURL, PoolSize: 2, DialTimeout: time.Second, Timeout: time.Second},
		Retention: 100 * time.Hour,
	})
	code := make(chan int, 1)
	go func() { code <- app.Run() }()
	testkit.Eventually(t, "readiness", 20*time.Second, func() error { return ready(app) })

	trade := event.NewID("trade", "1")
	e, err := event.New(messages.TradeRegistered, event.NewID("message", "1"), "alpha", trade,
		json.RawMessage(`{"request":{"product":"spot"},"authorized":{"desk":"FXS1"},"registered":{"trade_id":"`+trade+`"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if err := trading.Publish(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	select {
	case answer := <-assigned:
		if answer.Causation != e.ID || answer.Correlation != trade {
			t.Errorf("assigned %+v", answer)
		}
	case <-time.After(10 * time.Second):
		t.Error("not assigned")
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if c := <-code; c != 0 {
		t.Errorf("exit code %d", c)
	}
}

func TestSettingsOutOfRangeAreNamed(t *testing.T) {
	if err := (settings{Retention: time.Hour}).Validate(); err == nil {
		t.Error("an hour of retention was accepted")
	}
}

// noRemnant checks, after all other clean-up, that no goroutine has joined those that ran at the start.
func noRemnant(t *testing.T) func() {
	before := goleak.IgnoreCurrent()
	return func() {
		http.DefaultClient.CloseIdleConnections() // testkit's, to the broker's management API
		goleak.VerifyNone(t, before)
	}
}

func ready(app *run.App) error {
	if status := app.Health.Status(context.Background()); !status.Ready {
		return fmt.Errorf("%v", status.Reasons)
	}
	return nil
}

// openTrading publishes registered trades and hears who is assigned.
func openTrading(t *testing.T, url string) (*amqp.Bus, <-chan event.Event) {
	t.Helper()
	assigned := make(chan event.Event, 1)
	bus := amqp.Open(amqp.Config{URL: url}, amqp.Topology{
		Service:   "trading",
		Queues:    []amqp.Queue{{Name: "facts", Bindings: []amqp.Binding{{Exchange: "fx.trade", Key: "trade.assigned.*"}}}},
		Publishes: []amqp.Publication{{Exchange: "fx.trade", Type: messages.TradeRegistered}},
	}, "trading/test", testkit.Log(t))
	take := amqp.HandlerFunc(func(_ context.Context, events []event.Event) []amqp.Result {
		for _, e := range events {
			assigned <- e
		}
		return make([]amqp.Result, len(events))
	})
	inBackground(t, bus.Run)
	inBackground(t, func(ctx context.Context) error { return bus.Consume(ctx, "facts", take) })
	testkit.Eventually(t, "trading's broker", 10*time.Second, bus.Ready)
	return bus, assigned
}

func inBackground(t *testing.T, loop func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- loop(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("loop ended with %v", err)
		}
	})
}

// fillDesks writes one desk, as datasync does.
func fillDesks(t *testing.T, url string) {
	t.Helper()
	rdb, err := cache.Open(cache.Config{URL: url, PoolSize: 1, DialTimeout: time.Second, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rdb.Close() }()
	meta, err := json.Marshal(mirror.Meta{Set: "desks", Version: 1, AsOf: time.Now(), LoadedAt: time.Now(), Count: 1})
	if err != nil {
		t.Fatal(err)
	}
	rdb.HSet(t.Context(), mirror.Key("desks", 1), "FXS1", `{"id":"FXS1","products":["spot"],"traders":["U0001"]}`)
	if err := rdb.HSet(t.Context(), mirror.MetaKey, "desks", meta).Err(); err != nil {
		t.Fatal(err)
	}
}
