package main

import (
	"encoding/json"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/cache"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
	"fxcore/services/contract"
)

// The test runs the whole service on real servers. It publishes a registered trade and receives the assignment. After
// SIGTERM nothing of the service is left behind.
func TestATradeIsAssignedAndTheServiceStopsWithoutARemnant(t *testing.T) {
	program.NoRemnant(t)
	broker, redisURL := testkit.AMQP(t), testkit.RedisURL(t)
	mirrortest.Publish(t, testkit.RedisAt(t, redisURL), "desks", 1, time.Now(), map[string]string{
		"FXS1": `{"id":"FXS1","products":["spot"],"traders":["U0001"]}`,
	})
	peer := program.Meet(t, broker, trading)

	app := service(settings{
		Base:     program.Base("test"),
		AMQP:     amqp.Config{URL: broker},
		Postgres: postgres.Config{URL: testkit.PostgresURL(t), ConnectTimeout: 5 * time.Second},
		Redis:    cache.Config{URL: redisURL, PoolSize: 2, DialTimeout: time.Second, Timeout: time.Second},
		Inbox:    inbox.Config{Retention: 100 * time.Hour},
	})
	stop := program.Start(t, 20*time.Second, app)

	trade := event.NewID("trade", "1")
	e, err := event.New(contract.TradeRegistered, event.NewID("message", "1"), "alpha", trade,
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
