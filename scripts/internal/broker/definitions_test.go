package broker_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/broker"
)

var topologies = []amqp.Topology{
	{Service: "farm", Publishes: []amqp.Publication{
		{Exchange: "food", Type: event.Type{Name: "grain.sent", Version: 1}},
		{Exchange: "food", Type: event.Type{Name: "field.ploughed", Version: 1}, Unread: true},
	}},
	{Service: "mill", Queues: []amqp.Queue{{Name: "mill", Bindings: []amqp.Binding{{Exchange: "food", Key: "grain.sent.*"}}, SingleActive: true}}},
	{Service: "archive", Queues: []amqp.Queue{{
		Name: "archive", Bindings: []amqp.Binding{{Exchange: "food", Key: "#"}}, Stream: amqp.Retention{MaxBytes: 1 << 30, MaxAge: time.Hour},
	}}},
	{Service: "inn", Queues: []amqp.Queue{{Name: "inn", Bindings: []amqp.Binding{{Exchange: "food", Key: "#"}}}}},
}

// A broker that has imported the definitions accepts the programs' own declarations without a difference, and
// messages arrive.
func TestWhatIsImportedIsWhatProgramsDeclare(t *testing.T) {
	address := testkit.AMQP(t)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	content, err := broker.Of(strings.TrimPrefix(u.Path, "/"), topologies, nil).JSON()
	if err != nil {
		t.Fatal(err)
	}
	testkit.Administer(t, http.MethodPost, "/api/definitions", string(content))

	for _, declares := range []bool{false, true} {
		t.Run(fmt.Sprintf("programs declare: %v", declares), func(t *testing.T) {
			carries(t, amqp.Config{URL: address, NoDeclare: !declares})
		})
	}
}

// carries publishes an event as the farm and expects it at the mill.
func carries(t *testing.T, cfg amqp.Config) {
	t.Helper()
	farm, mill := open(t, cfg, topologies[0]), open(t, cfg, topologies[1])
	for _, other := range topologies[2:] {
		open(t, cfg, other)
	}
	arrived := make(chan string, 1)
	take := amqp.HandlerFunc(func(_ context.Context, events []event.Event) []amqp.Result {
		arrived <- events[0].ID
		return make([]amqp.Result, len(events))
	})
	testkit.Background(t, func(ctx context.Context) error { return mill.Consume(ctx, "mill", take) })
	e, err := event.New(topologies[0].Publishes[0].Type, event.NewID(testkit.Day, t.Name()), "farm", "sack", struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	if err := farm.Publish(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	select {
	case id := <-arrived:
		if id != e.ID {
			t.Errorf("event %s arrived, want %s", id, e.ID)
		}
	case <-time.After(time.Minute):
		t.Fatal("nothing arrived")
	}
}

func open(t *testing.T, cfg amqp.Config, topology amqp.Topology) *amqp.Bus {
	t.Helper()
	bus := amqp.Open(cfg, topology, topology.Service+"/1", testkit.Log(t))
	testkit.Background(t, bus.Run)
	testkit.Eventually(t, "the broker", 20*time.Second, bus.Ready)
	return bus
}
