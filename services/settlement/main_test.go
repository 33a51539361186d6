package main

import (
	"encoding/json"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
	"fxcore/services/contract"
)

// The test runs the whole service on real servers. A registered trade of a past value date is due at once, so the job leads to
// its failure, which settlement tells. After SIGTERM nothing of the service is left behind.
func TestATradeIsDueAndTheServiceStopsWithoutARemnant(t *testing.T) {
	program.NoRemnant(t)
	on := program.OwnServers(t)
	mirrortest.PublishAll(t, testkit.RedisAt(t, on.Redis.URL), time.Now(), map[string]map[string]string{
		"accounts":   {"A1": `{"client":"C000001","currency":"EUR"}`},
		"nostros":    {"EUR": `{"nostro":"NOSTRO-EUR","settlement":"FXSETTLE-EUR"}`},
		"agreements": {},
		"balancing":  {},
		"currencies": {"EUR": `{"minor_units":2,"deposit_rate":"0.02"}`, "USD": `{"minor_units":2,"deposit_rate":"0.04"}`},
		"pairs":      {},
		"calendars":  {},
		"points":     {},
		"rates":      {"USD": `{"mid":"1.1172","as_of":"2026-11-24T09:59:58Z"}`},
	})
	peer := program.Meet(t, on.AMQP.URL, others)

	app := service(settings{
		Base: program.Base("test"), AMQP: on.AMQP, Postgres: on.Postgres, Redis: on.Redis, Inbox: on.Inbox,
		Static: mirrortest.Config(t),
	})
	stop := program.Start(t, time.Minute, app)

	trade := event.NewID(testkit.Day, "trade", "1")
	peer.Tell(t, made(t, contract.TradeRegistered, trade, `{"request":{"client":"C000001"},"validated":{"product":"spot","pair":"EUR/USD",
		"legs":[{"value_date":"2026-11-20","base":"EUR","base_side":"buy","base_amount":"1","quote":"USD","quote_amount":"1.12"}]},
		"registered":{"trade_id":"`+trade+`","version":1}}`))
	awaitObligation(t, on.Postgres, trade)
	failed := peer.Ask(t, made(t, contract.JobCommanded, "execute", `{"job":"execute due trades","by":"U0001","reason":"test"}`))
	if failed.Type != contract.SettlementFailed || failed.Correlation != trade || failed.Origin != "alpha" {
		t.Errorf("%s of %s for %s: %s", failed.Type, failed.Correlation, failed.Origin, failed.Data)
	}
	stop()
}

func awaitObligation(t *testing.T, cfg postgres.Config, trade string) {
	t.Helper()
	db, err := postgres.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	testkit.Eventually(t, "the obligation of the trade", time.Minute, func() error {
		var state string
		return db.QueryRow(t.Context(), "select state from obligation where trade_id = $1", trade).Scan(&state)
	})
}

func made(t *testing.T, typ event.Type, story, data string) event.Event {
	t.Helper()
	e, err := event.New(typ, event.NewID(testkit.Day, "message", typ.Name), originOf(typ), story, json.RawMessage(data))
	if err != nil {
		t.Fatal(err)
	}
	if typ == contract.JobCommanded {
		e.Deadline = time.Now().Add(time.Hour)
	}
	return e
}

func originOf(typ event.Type) string {
	if typ == contract.JobCommanded {
		return contract.Batch
	}
	return "alpha"
}

// others stands for all programs with which settlement exchanges messages.
var others = amqp.Topology{
	Service: "others",
	Queues:  []amqp.Queue{{Name: "outcomes", Bindings: contract.Bindings(contract.SettlementSettled, contract.SettlementFailed)}},
	Publishes: []amqp.Publication{
		{Exchange: contract.TradeExchange, Type: contract.TradeRegistered}, {Exchange: contract.TradeExchange, Type: contract.TradeBooked}, {Exchange: contract.OpsExchange, Type: contract.JobCommanded},
	},
}
