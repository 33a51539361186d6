// Package amqptest runs buses for tests, which stand for the programs that exchange messages with the one under test.
package amqptest

import (
	"context"
	"errors"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/testkit"
)

// patience bounds the wait for a broker on a busy machine.
const patience = time.Minute

// Open runs a bus until the test ends. It returns once the bus has reached the broker and has declared the topology.
func Open(t testing.TB, cfg amqp.Config, topology amqp.Topology) *amqp.Bus {
	t.Helper()
	if cfg.Impersonates == "" {
		Impersonate(t, &cfg)
	}
	cfg.Publishers = "" // whoever stands for others believes everybody
	bus := amqp.Open(cfg, topology, topology.Service+"/test", testkit.Log(t))
	testkit.Background(t, bus.Run)
	testkit.Eventually(t, "the broker", patience, bus.Ready)
	return bus
}

// Serve opens a bus and hands the messages of the topology's first queue to h. It returns once the queue has a consumer.
func Serve(t testing.TB, cfg amqp.Config, topology amqp.Topology, h amqp.Handler) *amqp.Bus {
	t.Helper()
	bus, queue := Open(t, cfg, topology), topology.Queues[0].Name
	testkit.Background(t, func(ctx context.Context) error { return bus.Consume(ctx, queue, h) })
	testkit.Eventually(t, "a consumer of "+queue, patience, func() error {
		_, consumers, err := bus.Depth(t.Context(), queue)
		if err == nil && consumers == 0 {
			err = errors.New("it has none")
		}
		return err
	})
	return bus
}
