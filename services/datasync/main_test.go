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
	"fxcore/lambda/testkit"
	"fxcore/services/datasync/internal/messages"
)

// The whole service on real servers, two replicas of it: the sets are asked for, what a mainframe delivers is seen by
// readers, and at SIGTERM nothing is left behind.
func TestTwoReplicasFillRedisAndStopWithoutARemnant(t *testing.T) {
	t.Cleanup(noRemnant(t))
	broker, redisURL := testkit.AMQP(t), testkit.RedisURL(t)
	openMainframe(t, broker)
	codes := make(chan int, 2)
	for i := range 2 {
		app := service(settings{
			Base:  config.Base{Replica: fmt.Sprint(i), HealthAddr: "127.0.0.1:0"},
			AMQP:  amqp.Config{URL: broker},
			Redis: cache.Config{URL: redisURL, PoolSize: 2, DialTimeout: time.Second, Timeout: time.Second},
		})
		go func() { codes <- app.Run() }()
		testkit.Eventually(t, "all sets", 30*time.Second, func() error {
			if s := app.Health.Status(context.Background()); !s.Ready || len(s.Warnings) > 0 || s.Counters["rates.age_ms"] < 0 {
				return fmt.Errorf("%v %v", s.Reasons, s.Warnings)
			}
			return nil
		})
	}
	first := read(t, redisURL)
	testkit.Eventually(t, "the next tick of the rates", 20*time.Second, func() error {
		if next := read(t, redisURL); next.Version <= first.Version {
			return fmt.Errorf("still version %d", next.Version)
		}
		return nil
	})
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if c := <-codes; c != 0 {
			t.Errorf("exit code %d", c)
		}
	}
}

// read looks at the rates as a service does.
func read(t *testing.T, redisURL string) mirror.Meta {
	t.Helper()
	rdb, err := cache.Open(cache.Config{URL: redisURL, PoolSize: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rdb.Close() }()
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

// noRemnant checks, after all other clean-up, that no goroutine has joined those that ran at the start.
func noRemnant(t *testing.T) func() {
	before := goleak.IgnoreCurrent()
	return func() {
		http.DefaultClient.CloseIdleConnections() // testkit's, to the broker's management API
		goleak.VerifyNone(t, before)
	}
}

// openMainframe stands for the gateway: it answers every request with a set of one record, new at each second.
func openMainframe(t *testing.T, broker string) {
	t.Helper()
	const queue = "mainframe.static"
	topology := amqp.Topology{
		Service:   "test",
		Queues:    []amqp.Queue{{Name: queue, Bindings: []amqp.Binding{{Exchange: "fx.static", Key: "static.requested.*"}}}},
		Publishes: []amqp.Publication{{Exchange: "fx.static", Type: messages.StaticDelivered}},
	}
	bus := amqp.Open(amqp.Config{URL: broker}, topology, "test", testkit.Log(t))
	done := make(chan struct{}, 2)
	t.Cleanup(func() { <-done; <-done })
	go func() { _ = bus.Run(t.Context()); done <- struct{}{} }()
	go func() { _ = bus.Consume(t.Context(), queue, amqp.HandlerFunc(answer)); done <- struct{}{} }()
	testkit.Eventually(t, "the mainframe's queue", 20*time.Second, bus.Ready)
}

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
		next, err := e.Next(messages.StaticDelivered, page)
		results[i] = amqp.Result{Emit: []event.Event{next}, Err: err}
	}
	return results
}
