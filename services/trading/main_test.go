package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
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
	on := program.OwnServers(t)
	mirrortest.PublishAll(t, testkit.RedisAt(t, on.Redis.URL), time.Now(), staticData())
	others := program.Meet(t, on.AMQP.URL, others())

	app := service(settings{
		Base: program.Base("test"), AMQP: on.AMQP, Postgres: on.Postgres, Redis: on.Redis, Inbox: on.Inbox,
		MaxTenorYears: 5, ReportTolerance: 4, ReportBound: 2, PointsAge: time.Hour, ReportAge: 24 * time.Hour, Static: mirrortest.Config(t),
	})
	stop := program.Start(t, time.Minute, app)

	validated := others.Ask(t, authorized(t))
	if diff := cmp.Diff("trade.validated", validated.Type.Name); diff != "" {
		t.Errorf("%s: %s", diff, validated.Data)
	}
	registered := others.Ask(t, reserved(t, validated))
	if diff := cmp.Diff("trade.registered", registered.Type.Name); diff != "" {
		t.Errorf("%s: %s", diff, registered.Data)
	}
	others.Tell(t, booked(t, registered))
	awaitStatus(t, on.Postgres, registered.Correlation, "booked")

	stop()
}

func TestSettingsOutOfRangeAreNamed(t *testing.T) {
	good := settings{MaxTenorYears: 5, ReportTolerance: 4, ReportBound: 2, PointsAge: time.Hour, ReportAge: 24 * time.Hour, Static: mirrortest.Config(t), Inbox: inbox.Config{Retention: 100 * time.Hour}}
	if err := validate(good); err != nil {
		t.Errorf("good settings: %v", err)
	}
	for name, spoil := range map[string]func(*settings){
		"MAX_TENOR_YEARS":  func(s *settings) { s.MaxTenorYears = 40 },
		"REPORT_TOLERANCE": func(s *settings) { s.ReportTolerance = 0 },
		"REPORT_BOUND":     func(s *settings) { s.ReportBound = 1 },
		"POINTS_MAX_AGE":   func(s *settings) { s.PointsAge = 0 },
		"REPORT_AGE":       func(s *settings) { s.ReportAge = time.Hour },
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
	id := event.NewID(testkit.Day, "trade", "ALPHA", "R1", tradeDate)
	e, err := event.New(contract.TradeAuthorized, event.NewID(testkit.Day, "message", "1"), "alpha", id, map[string]any{"request": messages.Request{
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

func awaitStatus(t *testing.T, cfg postgres.Config, id, want string) {
	t.Helper()
	db, err := postgres.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	testkit.Eventually(t, "the trade to be "+want, time.Minute, func() error {
		var status string
		err := db.QueryRow(t.Context(), "select status from trade where id = $1", id).Scan(&status)
		if err == nil && status != want {
			err = errors.New(status)
		}
		return err
	})
}

// staticData is EUR/USD at 1.1172, as datasync writes it.
func staticData() map[string]map[string]string {
	now, weekends := time.Now().UTC().Format(time.RFC3339), `{"weekends":[{"from":"1999-01-01","days":["Sat","Sun"]}],"holidays":{}}`
	return map[string]map[string]string{
		"currencies": {"EUR": `{"minor_units":2,"deposit_rate":"0.02"}`, "USD": `{"minor_units":2,"deposit_rate":"0.04"}`},
		"pairs":      {"EUR/USD": `{"spot_lag":2,"rate_decimals":5,"points_factor":10000,"half_spread":"0.00003","band":25,"max_rate_age_seconds":300}`},
		"quotes":     {"Q1": `{"pair":"EUR/USD","product":"spot","side":"buy","currency":"EUR","amount":"1000000","rate":"1.1173","tenor":"SPOT","valid_until":"` + now + `"}`},
		"calendars":  {"EUR": weekends, "USD": weekends},
		"points":     {"EUR/USD": `{"points":{"1Y":"200"}}`},
		"rates":      {"EUR": `{"mid":"1","as_of":"` + now + `"}`, "USD": `{"mid":"1.1172","as_of":"` + now + `"}`},
	}
}
