package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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
	"fxcore/services/linecheck/internal/messages"
)

// The whole service on real servers: a line is reserved by way of the broker, lapses, is free again without anybody
// asking, and at SIGTERM nothing of the service is left behind.
func TestALineIsReservedLapsesAndTheServiceStopsWithoutARemnant(t *testing.T) {
	broker, redisURL, postgresURL := testkit.AMQP(t), testkit.RedisURL(t), testkit.PostgresURL(t)
	fillStaticData(t, redisURL)
	provider := openProvider(t, broker)
	before := goleak.IgnoreCurrent()

	app := service(settings{
		Base:      config.Base{Replica: "test", HealthAddr: "127.0.0.1:0"},
		AMQP:      amqp.Config{URL: broker},
		Postgres:  postgres.Config{URL: postgresURL, ConnectTimeout: 5 * time.Second},
		Redis:     cache.Config{URL: redisURL, PoolSize: 2, DialTimeout: time.Second, Timeout: time.Second},
		StaticAge: time.Hour, RatesAge: time.Hour, Retention: 100 * time.Hour,
	})
	code := make(chan int, 1)
	go func() { code <- app.Run() }()
	testkit.Eventually(t, "readiness", 20*time.Second, func() error { return ready(app) })

	if got := provider.ask(t, "1", time.Now().Add(300*time.Millisecond)); got != "linecheck.completed" {
		t.Error(got)
	}
	if got := provider.ask(t, "2", time.Now().Add(time.Minute)); got != "linecheck.rejected" { // the first has the whole line
		t.Error(got)
	}
	testkit.Eventually(t, "the first reservation to lapse", 10*time.Second, func() error { return reservedNothing(t, postgresURL) })

	cfg := recomputation{postgres.Config{URL: postgresURL, ConnectTimeout: 5 * time.Second}}
	mustRecompute(t, cfg, 0, "every node carries what its reservations add up to")
	damage(t, postgresURL, "update node_usage set consumed = 7 where node = 'client/C000001'")
	mustRecompute(t, cfg, 1, "client/C000001 consumed: stored 7.00, reservations add up to 0")

	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if c := <-code; c != 0 {
		t.Errorf("exit code %d", c)
	}
	goleak.VerifyNone(t, before)
}

func TestSettingsOutOfRangeAreNamed(t *testing.T) {
	for name, s := range map[string]settings{
		"STATIC_MAX_AGE": {RatesAge: time.Hour, Retention: 100 * time.Hour},
		"RATES_MAX_AGE":  {StaticAge: time.Hour, Retention: 100 * time.Hour},
		"RETENTION":      {StaticAge: time.Hour, RatesAge: time.Hour, Retention: time.Hour},
	} {
		if err := s.Validate(); err == nil || !strings.HasPrefix(err.Error(), name) {
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

func mustRecompute(t *testing.T, cfg recomputation, code int, says string) {
	t.Helper()
	var out bytes.Buffer
	if got := recompute(t.Context(), cfg, &out); got != code || strings.TrimSpace(out.String()) != says {
		t.Errorf("exit code %d: %s", got, &out)
	}
}

func damage(t *testing.T, url, statement string) {
	t.Helper()
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func reservedNothing(t *testing.T, url string) error {
	t.Helper()
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	var open int
	if err := pool.QueryRow(t.Context(), "select count(*) from reservation where state = 'RESERVED'").Scan(&open); err != nil {
		return err
	}
	if open > 0 {
		return fmt.Errorf("%d open", open)
	}
	return nil
}

// provider publishes authorised line checks and hears the answers.
type provider struct {
	bus     *amqp.Bus
	answers chan event.Event
}

func openProvider(t *testing.T, url string) provider {
	t.Helper()
	p := provider{answers: make(chan event.Event, 1)}
	p.bus = amqp.Open(amqp.Config{URL: url}, amqp.Topology{
		Service: "provider",
		Queues: []amqp.Queue{{Name: "answers", Bindings: []amqp.Binding{
			{Exchange: "fx.line", Key: messages.LineCheckCompleted.Name + ".*"}, {Exchange: "fx.line", Key: messages.LineCheckRejected.Name + ".*"},
		}}},
		Publishes: []amqp.Publication{{Exchange: "fx.line", Type: messages.LineCheckAuthorized}},
	}, "provider/test", testkit.Log(t))
	take := amqp.HandlerFunc(func(_ context.Context, events []event.Event) []amqp.Result {
		for _, e := range events {
			p.answers <- e
		}
		return make([]amqp.Result, len(events))
	})
	inBackground(t, p.bus.Run)
	inBackground(t, func(ctx context.Context) error { return p.bus.Consume(ctx, "answers", take) })
	testkit.Eventually(t, "the provider to listen", 10*time.Second, func() error {
		_, consumers, err := p.bus.Depth(t.Context(), "answers")
		if err == nil && consumers == 0 {
			err = errors.New("no consumer")
		}
		return err
	})
	return p
}

func inBackground(t *testing.T, loop func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- loop(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// ask publishes one check of the whole line and returns the type of its answer.
func (p provider) ask(t *testing.T, reference string, until time.Time) string {
	t.Helper()
	id := event.NewID("linecheck", reference)
	request := map[string]any{
		"check_id": id, "provider": "ALPHA", "action": "reserve", "trade_date": "2026-11-24", "client": "C000001",
		"pair": "EUR/USD", "currency": "EUR", "side": "buy", "amount": "1000", "tenor": "SPOT", "expires_at": until,
	}
	e, err := event.New(messages.LineCheckAuthorized, event.NewID("message", reference), "alpha", id, map[string]any{"request": request})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := p.bus.Publish(ctx, e); err != nil {
		t.Fatal(err)
	}
	select {
	case answer := <-p.answers:
		return answer.Type.Name
	case <-ctx.Done():
		t.Fatal(errors.New("no answer"))
		return ""
	}
}

// fillStaticData writes a client with a line of 100, which a thousand euros use up, as datasync does.
func fillStaticData(t *testing.T, url string) {
	t.Helper()
	rdb, err := cache.Open(cache.Config{URL: url, PoolSize: 1, DialTimeout: time.Second, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rdb.Close() }()
	for set, record := range map[string][2]string{
		"clients":    {"C000001", `{"id":"C000001","status":"active"}`},
		"lines":      {"client/C000001", `{"currency":"USD","limit":"100"}`},
		"holdings":   {"C000001", `{"holdings":[]}`},
		"risk":       {"add_on/1W", `{"max_days":7,"factor":"0.1"}`},
		"rates":      {"USD", `{"currency":"USD","mid":"1"}`},
		"pairs":      {"EUR/USD", `{"spot_lag":2,"volatility":"0.10"}`},
		"currencies": {"USD", `{"deposit_rate":"0.04"}`},
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

func TestTheSamplesAreThoseOfTheTopology(t *testing.T) {
	files, err := filepath.Glob("internal/messages/samples/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, p := range messages.Topology().Publishes {
		want = append(want, p.Type.String()+".json")
	}
	for _, f := range files {
		got = append(got, filepath.Base(f))
	}
	if diff := cmp.Diff(want, got, sortStrings); diff != "" {
		t.Error(diff)
	}
}

var sortStrings = cmp.Transformer("sorted", func(list []string) map[string]bool {
	set := map[string]bool{}
	for _, s := range list {
		set[s] = true
	}
	return set
})
