package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"fxcore/lambda/amqp"
	"fxcore/lambda/cache"
	"fxcore/lambda/config"
	"fxcore/lambda/event"
	"fxcore/lambda/mirror"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/lambda/testkit"
	"fxcore/services/auth/internal/messages"
)

// The whole service on real servers: a request goes in by the broker, its answer comes out, and at SIGTERM nothing of
// the service is left behind.
func TestARequestIsAnsweredAndTheServiceStopsWithoutARemnant(t *testing.T) {
	t.Cleanup(noRemnant(t))
	broker, redisURL := testkit.AMQP(t), testkit.RedisURL(t)
	fillStaticData(t, redisURL)
	gateway := openGateway(t, broker)

	app := service(settings{
		Base:      config.Base{Replica: "test", HealthAddr: "127.0.0.1:0"},
		AMQP:      amqp.Config{URL: broker},
		Postgres:  postgres.Config{URL: testkit.PostgresURL(t), ConnectTimeout: 5 * time.Second},
		Redis:     cache.Config{URL: redisURL, PoolSize: 2, DialTimeout: time.Second, Timeout: time.Second},
		StaticAge: time.Hour, Retention: 100 * time.Hour,
	})
	code := make(chan int, 1)
	go func() { code <- app.Run() }()
	testkit.Eventually(t, "readiness", 20*time.Second, func() error { return ready(app) })

	if diff := cmp.Diff("trade.authorized", gateway.ask(t)); diff != "" {
		t.Error(diff)
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if c := <-code; c != 0 {
		t.Errorf("exit code %d", c)
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

func TestSettingsOutOfRangeAreNamed(t *testing.T) {
	for name, s := range map[string]settings{
		"STATIC_MAX_AGE": {Retention: 100 * time.Hour},
		"RETENTION":      {StaticAge: time.Hour, Retention: time.Hour},
	} {
		if err := s.Validate(); err == nil || err.Error()[:len(name)] != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func ready(app *run.App) error {
	if status := app.Health.Status(context.Background()); !status.Ready {
		return fmt.Errorf("%v", status.Reasons)
	}
	return nil
}

// gateway publishes requests and hears the answers.
type gateway struct {
	bus     *amqp.Bus
	answers chan event.Event
}

func openGateway(t *testing.T, url string) gateway {
	t.Helper()
	g := gateway{answers: make(chan event.Event, 1)}
	g.bus = amqp.Open(amqp.Config{URL: url}, amqp.Topology{
		Service:   "gateway",
		Queues:    []amqp.Queue{{Name: "answers", Bindings: []amqp.Binding{{Exchange: "fx.trade", Key: "trade.authorized.*"}, {Exchange: "fx.trade", Key: "trade.rejected.*"}}}},
		Publishes: []amqp.Publication{{Exchange: "fx.trade", Type: messages.TradeRequested}},
	}, "gateway/test", testkit.Log(t))
	take := amqp.HandlerFunc(func(_ context.Context, events []event.Event) []amqp.Result {
		for _, e := range events {
			g.answers <- e
		}
		return make([]amqp.Result, len(events))
	})
	inBackground(t, g.bus.Run)
	inBackground(t, func(ctx context.Context) error { return g.bus.Consume(ctx, "answers", take) })
	testkit.Eventually(t, "the gateway's broker", 10*time.Second, g.bus.Ready)
	return g
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

// ask publishes one request and returns the type of its answer.
func (g gateway) ask(t *testing.T) string {
	t.Helper()
	id := event.NewID("trade", "ALPHA", "R1", "2026-11-20")
	request := map[string]any{
		"trade_id": id, "provider": "ALPHA", "trade_date": "2026-11-20", "client": "C000001", "product": "spot", "pair": "EUR/USD",
		"currency": "USD", "legs": []any{map[string]any{"amount": "1000000"}}, "digest": "d",
	}
	e, err := event.New(messages.TradeRequested, event.NewID("message", "1"), "alpha", id, map[string]any{"request": request})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := g.bus.Publish(ctx, e); err != nil {
		t.Fatal(err)
	}
	select {
	case answer := <-g.answers:
		return answer.Type.Name
	case <-ctx.Done():
		t.Fatal(errors.New("no answer"))
		return ""
	}
}

// fillStaticData writes one record of each set, as datasync does.
func fillStaticData(t *testing.T, url string) {
	t.Helper()
	rdb, err := cache.Open(cache.Config{URL: url, PoolSize: 1, DialTimeout: time.Second, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rdb.Close() }()
	for set, record := range map[string][2]string{
		"providers": {"ALPHA", `{"status":"active","clients":["*"],"products":["spot"],"pairs":["*"],"max_amount_usd":"50000000"}`},
		"clients":   {"C000001", `{"id":"C000001","group":"G0001","status":"active","desk":"FXS1"}`},
		"accounts":  {"A1", `{"account":"A1","client":"C000001"}`},
		"rates":     {"USD", `{"currency":"USD","mid":"1.1612"}`},
	} {
		meta, err := json.Marshal(mirror.Meta{Set: set, Version: 1, AsOf: time.Now(), LoadedAt: time.Now(), Count: 1})
		if err != nil {
			t.Fatal(err)
		}
		rdb.HSet(t.Context(), mirror.Key(set, 1), record[0], record[1])
		if err := rdb.HSet(t.Context(), mirror.MetaKey, set, meta).Err(); err != nil {
			t.Fatal(err)
		}
	}
}
