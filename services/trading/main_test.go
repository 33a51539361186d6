package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"fxcore/lambda/amqp"
	"fxcore/lambda/cache"
	"fxcore/lambda/config"
	"fxcore/lambda/event"
	"fxcore/lambda/mirror"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/lambda/testkit"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/valuedate"
)

// The whole service on real servers: an authorised request goes in by the broker and comes out validated; reserved, it
// comes out registered; booked, it says so in the table. At SIGTERM nothing of the service is left behind.
func TestATradeGoesThroughAndTheServiceStopsWithoutARemnant(t *testing.T) {
	broker, database := testkit.AMQP(t), testkit.PostgresURL(t)
	redisURL := testkit.RedisURL(t)
	fillStaticData(t, redisURL)
	others := openOthers(t, broker)
	before := goleak.IgnoreCurrent()

	app := service(settings{
		Base:          config.Base{Replica: "test", HealthAddr: "127.0.0.1:0"},
		AMQP:          amqp.Config{URL: broker},
		Postgres:      postgres.Config{URL: database, ConnectTimeout: 5 * time.Second},
		Redis:         cache.Config{URL: redisURL, PoolSize: 4, DialTimeout: time.Second, Timeout: time.Second},
		MaxTenorYears: 5, ReportTolerance: 4, StaticAge: time.Hour, Retention: 100 * time.Hour,
	}, rollover(t))
	code := make(chan int, 1)
	go func() { code <- app.Run() }()
	testkit.Eventually(t, "readiness", 20*time.Second, func() error { return ready(app) })

	validated := others.ask(t, authorized(t))
	if diff := cmp.Diff("trade.validated", validated.Type.Name); diff != "" {
		t.Errorf("%s: %s", diff, validated.Data)
	}
	registered := others.ask(t, reserved(t, validated))
	if diff := cmp.Diff("trade.registered", registered.Type.Name); diff != "" {
		t.Errorf("%s: %s", diff, registered.Data)
	}
	others.tell(t, booked(t, registered))
	awaitStatus(t, database, registered.Correlation, "booked")

	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if c := <-code; c != 0 {
		t.Errorf("exit code %d", c)
	}
	goleak.VerifyNone(t, before)
}

func TestSettingsOutOfRangeAreNamed(t *testing.T) {
	good := settings{MaxTenorYears: 5, ReportTolerance: 4, StaticAge: time.Hour, Retention: 100 * time.Hour}
	if err := good.Validate(); err != nil {
		t.Errorf("good settings: %v", err)
	}
	for name, spoil := range map[string]func(*settings){
		"MAX_TENOR_YEARS":  func(s *settings) { s.MaxTenorYears = 40 },
		"REPORT_TOLERANCE": func(s *settings) { s.ReportTolerance = 0 },
		"STATIC_MAX_AGE":   func(s *settings) { s.StaticAge = 0 },
		"RETENTION":        func(s *settings) { s.Retention = time.Hour },
	} {
		s := good
		spoil(&s)
		if err := s.Validate(); err == nil || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func rollover(t *testing.T) valuedate.Rollover {
	t.Helper()
	r, err := valuedate.NewRollover()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func ready(app *run.App) error {
	if status := app.Health.Status(context.Background()); !status.Ready {
		return fmt.Errorf("%v", status.Reasons)
	}
	return nil
}

// others stands for everybody with whom trading exchanges messages.
type others struct {
	bus     *amqp.Bus
	answers chan event.Event
}

func openOthers(t *testing.T, url string) others {
	t.Helper()
	o := others{answers: make(chan event.Event, 1)}
	topology := amqp.Topology{Service: "others", Queues: []amqp.Queue{{Name: "answers"}}}
	for _, p := range messages.Topology().Publishes {
		topology.Queues[0].Bindings = append(topology.Queues[0].Bindings, amqp.Binding{Exchange: p.Exchange, Key: p.Type.Name + ".*"})
	}
	for _, published := range []event.Type{messages.TradeAuthorized, messages.TradeReserved, messages.TradeBooked} {
		topology.Publishes = append(topology.Publishes, amqp.Publication{Exchange: "fx.trade", Type: published})
	}
	o.bus = amqp.Open(amqp.Config{URL: url}, topology, "others/test", testkit.Log(t))
	take := amqp.HandlerFunc(func(_ context.Context, events []event.Event) []amqp.Result {
		for _, e := range events {
			o.answers <- e
		}
		return make([]amqp.Result, len(events))
	})
	inBackground(t, o.bus.Run)
	inBackground(t, func(ctx context.Context) error { return o.bus.Consume(ctx, "answers", take) })
	testkit.Eventually(t, "the others to consume", 10*time.Second, func() error {
		if _, consumers, err := o.bus.Depth(t.Context(), "answers"); err != nil || consumers != 1 {
			return fmt.Errorf("%d consumers: %w", consumers, err)
		}
		return nil
	})
	return o
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

// tell publishes one event.
func (o others) tell(t *testing.T, e event.Event) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := o.bus.Publish(ctx, e); err != nil {
		t.Fatal(err)
	}
}

// ask publishes one event and returns trading's answer.
func (o others) ask(t *testing.T, e event.Event) event.Event {
	t.Helper()
	o.tell(t, e)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	select {
	case answer := <-o.answers:
		return answer
	case <-ctx.Done():
		t.Fatal(errors.New("no answer"))
		return event.Event{}
	}
}

func authorized(t *testing.T) event.Event {
	t.Helper()
	now := time.Now()
	tradeDate := rollover(t).TradeDate(now).String()
	id := event.NewID("trade", "ALPHA", "R1", tradeDate)
	e, err := event.New(messages.TradeAuthorized, event.NewID("message", "1"), "alpha", id, map[string]any{"request": messages.Request{
		TradeID: id, Provider: "ALPHA", Reference: "R1", Kind: "request", TradeDate: tradeDate, TransactedAt: now, Client: "C000001",
		Product: "spot", Pair: "EUR/USD", Currency: "EUR", Legs: []messages.RequestedLeg{{Side: "buy", Amount: "1000000", Rate: "1.1172"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	e.Deadline = now.Add(time.Minute)
	return e
}

func reserved(t *testing.T, validated event.Event) event.Event {
	t.Helper()
	data, err := messages.With(validated.Data, "reserved", map[string]any{"expires_at": time.Now().Add(time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	e, err := validated.Next(messages.TradeReserved, data)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func booked(t *testing.T, registered event.Event) event.Event {
	t.Helper()
	e, err := registered.Next(messages.TradeBooked, map[string]any{
		"trade_id": registered.Correlation, "booking_reference": "B1", "booked_at": time.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	e.Time = time.Now()
	return e
}

func awaitStatus(t *testing.T, database, id, want string) {
	t.Helper()
	db, err := postgres.Open(t.Context(), postgres.Config{URL: database, ConnectTimeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	testkit.Eventually(t, "the trade to be "+want, 10*time.Second, func() error {
		var status string
		err := db.QueryRow(t.Context(), "select status from trade where id = $1", id).Scan(&status)
		if err == nil && status != want {
			err = errors.New(status)
		}
		return err
	})
}

// fillStaticData writes EUR/USD at 1.1172, as datasync does.
func fillStaticData(t *testing.T, url string) {
	t.Helper()
	rdb, err := cache.Open(cache.Config{URL: url, PoolSize: 1, DialTimeout: time.Second, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rdb.Close() }()
	now, weekends := time.Now().UTC().Format(time.RFC3339), `{"weekends":[{"from":"1999-01-01","days":["Sat","Sun"]}],"holidays":{}}`
	fill(t, rdb, "currencies", map[string]string{"EUR": `{"minor_units":2,"deposit_rate":"0.02"}`, "USD": `{"minor_units":2,"deposit_rate":"0.04"}`})
	fill(t, rdb, "pairs", map[string]string{"EUR/USD": `{"spot_lag":2,"rate_decimals":5,"points_factor":10000,"tolerance":"0.005","max_rate_age_seconds":300}`})
	fill(t, rdb, "calendars", map[string]string{"EUR": weekends, "USD": weekends})
	fill(t, rdb, "rates", map[string]string{"EUR": `{"mid":"1","as_of":"` + now + `"}`, "USD": `{"mid":"1.1172","as_of":"` + now + `"}`})
}

func fill(t *testing.T, rdb *redis.Client, set string, records map[string]string) {
	t.Helper()
	meta, err := json.Marshal(mirror.Meta{Set: set, Version: 1, AsOf: time.Now(), LoadedAt: time.Now(), Count: len(records)})
	if err != nil {
		t.Fatal(err)
	}
	for id, record := range records {
		if err := rdb.HSet(t.Context(), mirror.Key(set, 1), id, record).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if err := rdb.HSet(t.Context(), mirror.MetaKey, set, meta).Err(); err != nil {
		t.Fatal(err)
	}
}
