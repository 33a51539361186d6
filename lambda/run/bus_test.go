package run_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/run"
	"fxcore/lambda/testkit"
)

var (
	lit      = event.Type{Name: "lamp.lit", Version: 1}
	topology = amqp.Topology{
		Service:   "lamps",
		Queues:    []amqp.Queue{{Name: "lamps", Purpose: "all lamps", Bindings: []amqp.Binding{{Exchange: "lamps", Key: "lamp.lit.*"}}}},
		Publishes: []amqp.Publication{{Exchange: "lamps", Type: lit, Purpose: "somebody lit one"}},
	}
)

func TestAProgramPublishesAndConsumesAndCounts(t *testing.T) {
	app, out := newApp(t)
	ctx, cancel := context.WithCancel(t.Context())
	bus := app.Bus(amqp.Config{URL: testkit.AMQP(t)}, topology)
	handled := make(chan event.Event, 1)
	app.Consume(bus, "lamps", amqp.HandlerFunc(func(_ context.Context, events []event.Event) []amqp.Result {
		handled <- events[0]
		return make([]amqp.Result, len(events))
	}))
	ended := make(chan int, 1)
	go func() { ended <- app.Live(ctx) }()
	testkit.Eventually(t, "readiness", 20*time.Second, func() error {
		if status := app.Health.Status(ctx); !status.Ready {
			return errors.New(status.Reasons["amqp"] + status.Reasons["start"])
		}
		return nil
	})
	e, err := event.New(lit, event.NewID(testkit.Day, "one"), "hall", "lamp-1", struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	if err := bus.Publish(ctx, e); err != nil {
		t.Fatal(err)
	}
	if got := <-handled; got.ID != e.ID {
		t.Fatalf("handled %+v", got)
	}
	testkit.Eventually(t, "the count", 20*time.Second, func() error {
		got := app.Health.Status(ctx).Counters
		maps.DeleteFunc(got, func(name string, _ int64) bool { return !strings.HasPrefix(name, "lamps.") })
		want := map[string]int64{"lamps.batches": 1, "lamps.handled": 1, "lamps.emitted": 0, "lamps.failed": 0}
		if diff := cmp.Diff(want, got); diff != "" {
			return errors.New(diff)
		}
		return nil
	})
	cancel()
	if code := <-ended; code != 0 {
		t.Fatalf("exit code %d, log: %s", code, out)
	}
}

// TestDescribePrintsTheTopology runs this test binary again with the argument that a program would get.
func TestDescribePrintsTheTopology(t *testing.T) {
	if os.Getenv(child) != "" {
		run.Describe(topology)
		return
	}
	process := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-", "-describe") //nolint:gosec // ourselves
	process.Env = append(os.Environ(), child+"=describe")
	out, err := process.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got amqp.Topology
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	last := len(got.Publishes) - 1
	if reports := got.Publishes[last-1]; reports.Type.Name != "health.reported" || reports.Expiry == 0 {
		t.Errorf("the last publication but one is %+v, want the health reports", reports)
	}
	if noted := got.Publishes[last]; noted.Type.Name != "audit.noted" || noted.Exchange != "fx.audit" {
		t.Errorf("the last publication is %+v, want the notes for the audit", noted)
	}
	got.Publishes = got.Publishes[:last-1]
	if diff := cmp.Diff(topology, got); diff != "" {
		t.Fatal(diff)
	}
}
