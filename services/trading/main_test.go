package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/amqp"
	"fxcore/lambda/cache"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/mirror"
	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/steps"
)

// The test runs the whole service on real servers. An authorised request is validated, a reserved one is registered, and a
// booking is written to the table. After SIGTERM nothing of the service is left behind.
func TestATradeGoesThroughAndTheServiceStopsWithoutARemnant(t *testing.T) {
	program.NoRemnant(t)
	broker, database := testkit.AMQP(t), testkit.PostgresURL(t)
	redisURL := testkit.RedisURL(t)
	fillStaticData(t, redisURL)
	others := program.Meet(t, broker, others())

	app := service(settings{
		Base:          program.Base("test"),
		AMQP:          amqp.Config{URL: broker},
		Postgres:      postgres.Config{URL: database, ConnectTimeout: 5 * time.Second},
		Redis:         cache.Config{URL: redisURL, PoolSize: 4, DialTimeout: time.Second, Timeout: time.Second},
		MaxTenorYears: 5, ReportTolerance: 4, Static: mirror.Config{MaxAge: time.Hour}, Inbox: inbox.Config{Retention: 100 * time.Hour},
	})
	stop := program.Start(t, 20*time.Second, app)

	validated := others.Ask(t, authorized(t))
	if diff := cmp.Diff("trade.validated", validated.Type.Name); diff != "" {
		t.Errorf("%s: %s", diff, validated.Data)
	}
	registered := others.Ask(t, reserved(t, validated))
	if diff := cmp.Diff("trade.registered", registered.Type.Name); diff != "" {
		t.Errorf("%s: %s", diff, registered.Data)
	}
	others.Tell(t, booked(t, registered))
	awaitStatus(t, database, registered.Correlation, "booked")

	stop()
}

func TestSettingsOutOfRangeAreNamed(t *testing.T) {
	good := settings{MaxTenorYears: 5, ReportTolerance: 4, Static: mirror.Config{MaxAge: time.Hour}, Inbox: inbox.Config{Retention: 100 * time.Hour}}
	if err := validate(good); err != nil {
		t.Errorf("good settings: %v", err)
	}
	for name, spoil := range map[string]func(*settings){
		"MAX_TENOR_YEARS":  func(s *settings) { s.MaxTenorYears = 40 },
		"REPORT_TOLERANCE": func(s *settings) { s.ReportTolerance = 0 },
		"STATIC_MAX_AGE":   func(s *settings) { s.Static.MaxAge = 0 },
		"RETENTION":        func(s *settings) { s.Inbox.Retention = time.Hour },
	} {
		s := good
		spoil(&s)
		if err := validate(s); err == nil || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// validate does as config.Load does: it looks at the settings and their parts.
func validate(s settings) error {
	return errors.Join(s.Inbox.Validate(), s.Static.Validate(), s.Validate())
}

// others stands for all programs with which trading exchanges messages.
func others() amqp.Topology {
	topology := amqp.Topology{Service: "others", Queues: []amqp.Queue{{Name: "answers"}}}
	for _, p := range steps.Topology().Publishes {
		topology.Queues[0].Bindings = append(topology.Queues[0].Bindings, amqp.Binding{Exchange: p.Exchange, Key: p.Type.Name + ".*"})
	}
	for _, published := range []event.Type{contract.TradeAuthorized, contract.TradeReserved, contract.TradeBooked} {
		topology.Publishes = append(topology.Publishes, amqp.Publication{Exchange: contract.Exchange(published), Type: published})
	}
	return topology
}

func authorized(t *testing.T) event.Event {
	t.Helper()
	now := time.Now()
	tradeDate := fxdate.NewRollover().TradeDate(now).String()
	id := event.NewID("trade", "ALPHA", "R1", tradeDate)
	e, err := event.New(contract.TradeAuthorized, event.NewID("message", "1"), "alpha", id, map[string]any{"request": messages.Request{
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
	data, err := contract.WithSection(validated.Data, "reserved", map[string]any{"expires_at": time.Now().Add(time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	e, err := validated.Next(contract.TradeReserved, data)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func booked(t *testing.T, registered event.Event) event.Event {
	t.Helper()
	e, err := registered.Next(contract.TradeBooked, map[string]any{
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
	testkit.Eventually(t, "the trade to be "+want, 20*time.Second, func() error {
		var status string
		err := db.QueryRow(t.Context(), "select status from trade where id = $1", id).Scan(&status)
		if err == nil && status != want {
			err = errors.New(status)
		}
		return err
	})
}

// fillStaticData writes EUR/USD at 1.1172, in the form in which datasync writes it.
func fillStaticData(t *testing.T, url string) {
	t.Helper()
	rdb := testkit.RedisAt(t, url)
	fill := func(set string, records map[string]string) { mirrortest.Publish(t, rdb, set, 1, time.Now(), records) }
	now, weekends := time.Now().UTC().Format(time.RFC3339), `{"weekends":[{"from":"1999-01-01","days":["Sat","Sun"]}],"holidays":{}}`
	fill("currencies", map[string]string{"EUR": `{"minor_units":2,"deposit_rate":"0.02"}`, "USD": `{"minor_units":2,"deposit_rate":"0.04"}`})
	fill("pairs", map[string]string{"EUR/USD": `{"spot_lag":2,"rate_decimals":5,"points_factor":10000,"tolerance":"0.005","max_rate_age_seconds":300}`})
	fill("calendars", map[string]string{"EUR": weekends, "USD": weekends})
	fill("rates", map[string]string{"EUR": `{"mid":"1","as_of":"` + now + `"}`, "USD": `{"mid":"1.1172","as_of":"` + now + `"}`})
}
