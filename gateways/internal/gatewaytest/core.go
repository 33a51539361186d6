package gatewaytest

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/reason"
)

// Core stands in for all services. It registers each trade and approves each line check, once, and publishes the result.
type Core struct {
	Bus *amqp.Bus

	mu      sync.Mutex
	digests map[string]string // by trade or check
	seen    map[string]int    // event ids
	said    []event.Event
	gate    chan struct{} // closed while the core may decide
}

func coreTopology() amqp.Topology {
	t := amqp.Topology{Service: "core", Queues: []amqp.Queue{{
		Name: "core", Purpose: "decides", Bindings: contract.Bindings(contract.TradeRequested, contract.LineCheckRequested),
	}}}
	for _, decided := range []event.Type{
		contract.TradeRegistered, contract.TradeRejected, contract.TradeRepeated,
		contract.LineCheckCompleted, contract.LineCheckRejected, contract.LineCheckRepeated,
		contract.SessionBarred, contract.SessionAdmitted, // failover's
	} {
		t.Publishes = append(t.Publishes, amqp.Publication{Exchange: contract.Exchange(decided), Type: decided})
	}
	return t
}

// StartCore starts a core on a broker. It ends with the test.
func StartCore(t testing.TB, broker string) *Core {
	t.Helper()
	c := &Core{digests: map[string]string{}, seen: map[string]int{}, gate: make(chan struct{})}
	close(c.gate)
	c.Bus = amqptest.Serve(t, amqp.Config{URL: broker}, coreTopology(), c)
	return c
}

// Say publishes what a person has said about a provider: that it is barred, or admitted again.
func (c *Core) Say(t testing.TB, kind event.Type, gateway, provider string) {
	t.Helper()
	now := time.Now().UTC()
	e, err := event.New(kind, event.NewID(event.DayOf(now), kind.Name, provider, now.String()), gateway, "command", map[string]any{
		"provider": provider, "at": now, "by": "U0003", "why": "a test",
	})
	if err == nil {
		err = c.Bus.Publish(t.Context(), e)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Pause makes the core wait before it decides, until the returned function is called.
func (c *Core) Pause() (release func()) {
	gate := make(chan struct{})
	c.mu.Lock()
	c.gate = gate
	c.mu.Unlock()
	return sync.OnceFunc(func() { close(gate) })
}

// Handle decides.
func (c *Core) Handle(ctx context.Context, events []event.Event) []amqp.Result {
	c.mu.Lock()
	gate := c.gate
	c.mu.Unlock()
	select {
	case <-gate:
	case <-ctx.Done():
	}
	results := make([]amqp.Result, len(events))
	for i, e := range events {
		answer, err := c.decide(e)
		results[i] = amqp.Result{Emit: []event.Event{answer}, Err: err}
		c.mu.Lock()
		c.said = append(c.said, answer)
		c.mu.Unlock()
	}
	return results
}

type section struct {
	Request json.RawMessage `json:"request"`
}

type business struct {
	Digest string `json:"digest"`
	Legs   []struct {
		Amount string `json:"amount"`
	} `json:"legs"`
}

func (c *Core) decide(e event.Event) (event.Event, error) {
	var s section
	var b business
	if err := e.Read(&s); err != nil {
		return event.Event{}, err
	}
	if err := json.Unmarshal(s.Request, &b); err != nil {
		return event.Event{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen[e.ID]++
	before, known := c.digests[e.Correlation]
	if known && c.seen[e.ID] == 1 { // another request of the same reference
		if before == b.Digest {
			return e.Next(either(e, contract.TradeRepeated, contract.LineCheckRepeated), map[string]any{"request": s.Request, "repeated": map[string]any{}})
		}
		return e.Next(either(e, contract.TradeRejected, contract.LineCheckRejected), map[string]any{
			"request":  s.Request,
			"rejected": map[string]any{"code": reason.Duplicate, "text": "this reference was used today for another request", "by": "auth"},
		})
	}
	c.digests[e.Correlation] = b.Digest
	return c.grant(e, s, b)
}

// either returns the type for a trade's story or for a line check's.
func either(e event.Event, trade, check event.Type) event.Type {
	if e.Type == contract.TradeRequested {
		return trade
	}
	return check
}

func (c *Core) grant(e event.Event, s section, b business) (event.Event, error) {
	if e.Type == contract.LineCheckRequested {
		return e.Next(contract.LineCheckCompleted, map[string]any{"request": s.Request, "result": map[string]any{
			"check_id": e.Correlation, "decision": "approved", "approved_amount": "1000000", "currency": "EUR", "reservation_id": e.Correlation,
			"expires_at": "2026-11-24T12:05:00Z",
		}})
	}
	legs := []map[string]string{}
	for _, l := range b.Legs {
		legs = append(legs, map[string]string{
			"value_date": "2026-11-26", "base": "EUR", "base_side": "buy", "base_amount": l.Amount,
			"quote": "USD", "quote_amount": "1080000", "rate": "1.08",
		})
	}
	return e.Next(contract.TradeRegistered, map[string]any{
		"request": s.Request, "validated": map[string]any{"pair": "EUR/USD", "legs": legs},
		"registered": map[string]any{"trade_id": e.Correlation, "version": 1, "registered_at": "2026-11-24T12:00:00Z"},
	})
}

// Requests returns how many different events arrived, and how many came again.
func (c *Core) Requests() (distinct, repeated int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range c.seen {
		if n > 1 {
			repeated++
		}
	}
	return len(c.seen), repeated
}

// SayAgain publishes all events of the core once more.
func (c *Core) SayAgain(t testing.TB) {
	t.Helper()
	c.mu.Lock()
	said := append([]event.Event(nil), c.said...)
	c.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := c.Bus.Publish(ctx, said...); err != nil {
		t.Fatal(err)
	}
}
