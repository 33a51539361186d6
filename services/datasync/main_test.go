package main

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/event"
	"fxcore/lambda/mirror"
	"fxcore/lambda/run"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
	"fxcore/services/contract"
	"fxcore/services/datasync/internal/messages"
)

// The whole service on real servers, two replicas of it: the sets are asked for, what a mainframe delivers is seen by
// readers, and at SIGTERM nothing is left behind.
func TestTwoReplicasFillRedisAndStopWithoutARemnant(t *testing.T) {
	program.NoRemnant(t)
	broker, store := program.OwnBroker(t), program.OwnRedis(t)
	rdb := testkit.RedisAt(t, store.URL)
	amqptest.Serve(t, broker, mainframe, amqp.HandlerFunc(answer))
	var replicas []*run.App
	for _, name := range []string{"1", "2"} {
		replicas = append(replicas, service(settings{Base: program.Base(name), AMQP: broker, Redis: store}))
	}
	stop := program.Start(t, 30*time.Second, replicas...)
	for _, replica := range replicas {
		testkit.Eventually(t, "all sets", 30*time.Second, func() error {
			if age := replica.Health.Status(t.Context()).Counters["rates.age_ms"]; age < 0 {
				return fmt.Errorf("age %d", age)
			}
			return nil
		})
	}
	first := read(t, rdb)
	testkit.Eventually(t, "the next tick of the rates", 20*time.Second, func() error {
		if next := read(t, rdb); next.Version <= first.Version {
			return fmt.Errorf("still version %d", next.Version)
		}
		return nil
	})
	stop()
}

// read looks at the rates as a service does.
func read(t *testing.T, rdb *redis.Client) mirror.Meta {
	t.Helper()
	m := mirror.New(rdb, "rates", func(records map[string][]byte) (int, error) { return len(records), nil })
	if err := m.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	count, meta, _ := m.Current()
	if count != 1 {
		t.Errorf("%d rates", count)
	}
	return meta
}

// mainframe stands for the gateway to the mainframe.
var mainframe = amqp.Topology{
	Service:   "mainframe",
	Queues:    []amqp.Queue{{Name: "mainframe.static", Bindings: contract.Bindings(contract.StaticRequested)}},
	Publishes: []amqp.Publication{{Exchange: contract.StaticExchange, Type: contract.StaticDelivered}},
}

// answer answers each request with a set of one record, which is new at each second.
func answer(_ context.Context, events []event.Event) []amqp.Result {
	results := make([]amqp.Result, len(events))
	for i, e := range events {
		var asked messages.Requested
		if results[i].Err = e.Read(&asked); results[i].Err != nil {
			continue
		}
		now := time.Now().UTC().Truncate(time.Second)
		page := messages.Delivered{
			Set: asked.Set, Version: now.Unix(), AsOf: now, Page: 1, Pages: 1, Records: map[string]json.RawMessage{"x": []byte(`{}`)},
		}
		next, err := e.Next(contract.StaticDelivered, page)
		results[i] = amqp.Result{Emit: []event.Event{next}, Err: err}
	}
	return results
}
