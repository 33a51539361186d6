package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"fxcore/gateways/mainframe/internal/hosttest"
	"fxcore/gateways/mainframe/internal/link"
	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/lambda/amqp"
	"fxcore/lambda/config"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
)

func TestMain(m *testing.M) { hosttest.Main(m) }

// The whole gateway on real servers: a set is asked for and delivered, a trade is registered and booked, and at SIGTERM
// nothing of the gateway is left behind.
func TestGatewayAnswersAndStopsWithoutARemnant(t *testing.T) {
	t.Cleanup(noRemnant(t))
	broker, host := testkit.AMQP(t), hosttest.Start(t)
	core := openCore(t, broker)
	app := gateway(settings{
		Base:      config.Base{Replica: "test", HealthAddr: "127.0.0.1:0"},
		AMQP:      amqp.Config{URL: broker},
		Mainframe: link.Config{Addr: host.Addr, DialTimeout: time.Second, Timeout: time.Second, Failures: 3, Rest: time.Second},
		Hold:      time.Minute,
	})
	code := make(chan int, 1)
	go func() { code <- app.Run() }()
	testkit.Eventually(t, "readiness", 20*time.Second, func() error {
		if s := app.Health.Status(context.Background()); !s.Ready || len(s.Warnings) > 0 {
			return fmt.Errorf("%v %v", s.Reasons, s.Warnings)
		}
		return nil
	})
	core.ask(t, messages.StaticRequested, `{"set":"rates","known_version":0}`, messages.StaticDelivered)
	registered, err := os.ReadFile("../../services/trading/internal/messages/samples/trade.registered.v1.json")
	if err != nil {
		t.Fatal(err)
	}
	core.ask(t, messages.TradeRegistered, string(registered), messages.TradeBooked)
	if got := app.Health.Status(context.Background()).Counters["bookings.booked"]; got != 1 || len(host.Bookings()) != 1 {
		t.Errorf("%d counted, %d in the book", got, len(host.Bookings()))
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if c := <-code; c != 0 {
		t.Errorf("exit code %d", c)
	}
}

// noRemnant checks, after all other clean-up, that no goroutine has joined those that ran at the start.
func noRemnant(t *testing.T) func() {
	before := goleak.IgnoreCurrent()
	return func() {
		http.DefaultClient.CloseIdleConnections() // testkit's, to the broker's management API
		goleak.VerifyNone(t, before)
	}
}

// core stands for the services round the gateway.
type core struct {
	bus  *amqp.Bus
	came chan event.Type
}

func openCore(t *testing.T, broker string) *core {
	t.Helper()
	queue := amqp.Queue{Name: "test", Bindings: []amqp.Binding{
		{Exchange: "fx.trade", Key: "trade.booked.*"}, {Exchange: "fx.static", Key: "static.delivered.*"},
	}}
	topology := amqp.Topology{
		Service: "test",
		Queues:  append([]amqp.Queue{queue}, messages.Topology().Queues...),
		Publishes: []amqp.Publication{
			{Exchange: "fx.trade", Type: messages.TradeRegistered}, {Exchange: "fx.static", Type: messages.StaticRequested},
		},
	}
	c := &core{bus: amqp.Open(amqp.Config{URL: broker}, topology, "test", testkit.Log(t)), came: make(chan event.Type, 16)}
	done := make(chan struct{}, 2)
	t.Cleanup(func() { <-done; <-done })
	go func() { _ = c.bus.Run(t.Context()); done <- struct{}{} }()
	go func() { _ = c.bus.Consume(t.Context(), queue.Name, amqp.HandlerFunc(c.take)); done <- struct{}{} }()
	return c
}

func (c *core) take(_ context.Context, events []event.Event) []amqp.Result {
	for _, e := range events {
		c.came <- e.Type
	}
	return make([]amqp.Result, len(events))
}

// ask publishes a question and waits for an answer of the type.
func (c *core) ask(t *testing.T, question event.Type, data string, answer event.Type) {
	t.Helper()
	e, err := event.New(question, event.NewID(question.Name), "batch", "story", []byte(nil))
	if err != nil {
		t.Fatal(err)
	}
	e.Data = []byte(data)
	if err := c.bus.Publish(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-c.came:
		if got != answer {
			t.Errorf("%s answered with %s", question, got)
		}
	case <-time.After(20 * time.Second):
		t.Fatalf("%s: no answer", question)
	}
}

func TestHoldMustStayBelowTheBrokersPatience(t *testing.T) {
	for hold, good := range map[time.Duration]bool{15 * time.Minute: true, 30 * time.Minute: false, 0: false} {
		if err := (settings{Hold: hold}).Validate(); (err == nil) != good {
			t.Errorf("%s: %v", hold, err)
		}
	}
}
