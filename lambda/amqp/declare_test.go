package amqp_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/amqp"
	"fxcore/lambda/testkit"
)

// later is a queue that is not in the test's topology.
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

// A stream has its retention and nothing that a queue of work has: no retry queue, no dead letters, no limits of deliveries.
func TestWhatAStreamNeedsAtTheBroker(t *testing.T) {
	for name, test := range map[string]struct {
		keeps amqp.Retention
		want  amqp091.Table
	}{
		"by size and age": {
			amqp.Retention{MaxBytes: 800 << 20, MaxAge: 36 * time.Hour},
			amqp091.Table{"x-max-length-bytes": int64(800 << 20), "x-stream-max-segment-size-bytes": int64(100 << 20), "x-max-age": "129600s"},
		},
		"small": {
			amqp.Retention{MaxBytes: 2 << 20},
			amqp091.Table{"x-max-length-bytes": int64(2 << 20), "x-stream-max-segment-size-bytes": int64(1 << 20)},
		},
		"large": {
			amqp.Retention{MaxBytes: 1 << 40},
			amqp091.Table{"x-max-length-bytes": int64(1 << 40), "x-stream-max-segment-size-bytes": int64(500_000_000)},
		},
		"by age": {amqp.Retention{MaxAge: time.Minute}, amqp091.Table{"x-max-age": "60s"}},
	} {
		t.Run(name, func(t *testing.T) {
			test.want["x-queue-type"] = "stream"
			bound := []amqp.Binding{{Exchange: "test.things", Key: "#"}}
			s := amqp.Topology{Queues: []amqp.Queue{{Name: "s", Bindings: bound, Stream: test.keeps}}}
			want := []amqp.QueueDeclaration{{Name: "s", Stream: true, Arguments: test.want, Bindings: bound}}
			if diff := cmp.Diff(want, s.Declaration().Queues[3:]); diff != "" { // after errors, unroutable and log lines
				t.Error(diff)
			}
		})
	}
}

// While the broker is away, Declare fails when its context ends. The next connection declares the queue.
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

// The broker has a queue of that name already, with other arguments. The bus says which queue and why, and the queue that is
// there stays.
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
