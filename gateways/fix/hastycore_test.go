package main

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
)

// hastyCore decides line checks. It says of each repeat that it is one, and decides the first request only when all repeats have come.
type hastyCore struct {
	repeats int // of each check, the first included
	bus     *amqp.Bus

	mu    sync.Mutex
	first map[string]event.Event
	came  map[string]int
	ended int
}

func startHastyCore(t *testing.T, broker string, repeats int) *hastyCore {
	t.Helper()
	topology := amqp.Topology{Service: "hasty", Queues: []amqp.Queue{{
		Name: "hasty", Purpose: "decides", Bindings: contract.Bindings(contract.LineCheckRequested),
	}}}
	for _, decided := range []event.Type{contract.LineCheckCompleted, contract.LineCheckRepeated} {
		topology.Publishes = append(topology.Publishes, amqp.Publication{Exchange: contract.Exchange(decided), Type: decided})
	}
	c := &hastyCore{repeats: repeats, first: map[string]event.Event{}, came: map[string]int{}}
	cfg := amqp.Config{URL: broker}
	amqptest.Impersonate(t, &cfg)
	c.bus = amqp.Open(cfg, topology, "hasty/test", testkit.Log(t))
	ctx, cancel := context.WithCancel(context.Background())
	var loops sync.WaitGroup
	loops.Go(func() { _ = c.bus.Run(ctx) })
	loops.Go(func() { _ = c.bus.Consume(ctx, "hasty", c) })
	t.Cleanup(func() { cancel(); loops.Wait() })
	testkit.Eventually(t, "the core", 20*time.Second, c.bus.Ready)
	return c
}

// Handle decides.
func (c *hastyCore) Handle(_ context.Context, events []event.Event) []amqp.Result {
	results := make([]amqp.Result, len(events))
	for i, e := range events {
		results[i].Emit, results[i].Err = c.decide(e)
	}
	return results
}

func (c *hastyCore) decide(e event.Event) ([]event.Event, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var s struct {
		Request json.RawMessage `json:"request"`
	}
	if err := e.Read(&s); err != nil {
		return nil, err
	}
	c.came[e.Correlation]++
	if c.came[e.Correlation] == 1 {
		c.first[e.Correlation] = e
		return nil, nil
	}
	repeated, err := e.Next(contract.LineCheckRepeated, map[string]any{"request": s.Request, "repeated": map[string]any{}})
	if err != nil || c.came[e.Correlation] < c.repeats {
		return []event.Event{repeated}, err
	}
	c.ended++
	completed, err := c.first[e.Correlation].Next(contract.LineCheckCompleted, map[string]any{"request": s.Request, "result": map[string]any{
		"check_id": e.Correlation, "decision": "approved", "approved_amount": "1000000", "currency": "EUR", "reservation_id": e.Correlation,
		"expires_at": "2026-11-24T12:05:00Z",
	}})
	return []event.Event{repeated, completed}, err
}

// decided returns how many line checks were decided.
func (c *hastyCore) decided() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ended
}
