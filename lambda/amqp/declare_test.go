package amqp_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/testkit"
)

// later is a queue that nobody thought of at the start.
func later() amqp.Queue {
	return amqp.Queue{Name: "later", Purpose: "as well", Bindings: topology.Queues[0].Bindings}
}

func TestAQueueCanBeDeclaredLater(t *testing.T) {
	bus := start(t, amqp.Config{URL: testkit.AMQP(t)})
	for range 2 {
		if err := bus.Declare(t.Context(), later()); err != nil {
			t.Fatal(err)
		}
	}
	publish(t, bus, ask(t, 3)...)
	got := newSeen()
	consume(t, bus, "later", got)
	got.await(t, 3)
}

// While the broker is away there is nothing to wait for: whoever connects next declares it.
func TestAQueueThatIsDeclaredWithoutABrokerIsThereWithIt(t *testing.T) {
	bus := amqp.Open(amqp.Config{URL: testkit.AMQP(t)}, topology, "thing/1", testkit.Log(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := bus.Declare(ctx, later()); err == nil {
		t.Fatal("declared without a connection")
	}
	testkit.Background(t, bus.Run)
	testkit.Eventually(t, "the broker", 20*time.Second, bus.Ready)
	if _, _, err := bus.Depth(t.Context(), "later"); err != nil {
		t.Error(err)
	}
}

// The broker has a queue of that name already, with other arguments: it is said which and why, and what is there stays.
func TestAQueueThatIsAnotherOneAlreadyIsRefusedByName(t *testing.T) {
	cfg := amqp.Config{URL: testkit.AMQP(t)}
	bus := start(t, cfg)
	other := later()
	other.SingleActive = true
	if err := bus.Declare(t.Context(), later()); err != nil {
		t.Fatal(err)
	}
	clash := amqp.Topology{Service: "thing", Queues: []amqp.Queue{other}}
	second := amqp.Open(cfg, clash, "thing/2", testkit.Log(t))
	testkit.Background(t, second.Run)
	testkit.Eventually(t, "the refusal", 20*time.Second, func() error {
		if why := fmt.Sprint(second.Ready()); !strings.Contains(why, "PRECONDITION_FAILED") || !strings.Contains(why, "'later'") {
			return errors.New(why)
		}
		return nil
	})
	if _, _, err := bus.Depth(t.Context(), "later"); err != nil {
		t.Error(err)
	}
}
