package main

import (
	"encoding/json"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
	"fxcore/services/contract"
)

// The test runs the whole service on real servers. It publishes a registered trade and receives the assignment. After
// SIGTERM nothing of the service is left behind.
func TestATradeIsAssignedAndTheServiceStopsWithoutARemnant(t *testing.T) {
	program.NoRemnant(t)
	on := program.OwnServers(t)
	mirrortest.Publish(t, testkit.RedisAt(t, on.Redis.URL), "desks", 1, time.Now(), map[string]string{
		"FXS1": `{"id":"FXS1","products":["spot"],"traders":["U0001"]}`,
	})
	peer := program.Meet(t, on.AMQP.URL, trading)

	app := service(settings{
		Base: program.Base("test"), AMQP: on.AMQP, Postgres: on.Postgres, Redis: on.Redis, Inbox: on.Inbox, Static: mirrortest.Config(t),
	})
	stop := program.Start(t, time.Minute, app)

	trade := event.NewID(testkit.Day, "trade", "1")
	e, err := event.New(contract.TradeRegistered, event.NewID(testkit.Day, "message", "1"), "alpha", trade,
		json.RawMessage(`{"request":{"product":"spot"},"authorized":{"desk":"FXS1"},"registered":{"trade_id":"`+trade+`"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if answer := peer.Ask(t, e); answer.Causation != e.ID || answer.Correlation != trade {
		t.Errorf("assigned %+v", answer)
	}
	stop()
}

// trading publishes registered trades and receives the assignments.
var trading = amqp.Topology{
	Service:   "trading",
	Queues:    []amqp.Queue{{Name: "facts", Bindings: contract.Bindings(contract.TradeAssigned)}},
	Publishes: []amqp.Publication{{Exchange: contract.TradeExchange, Type: contract.TradeRegistered}},
}
