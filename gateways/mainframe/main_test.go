package main

import (
	"fmt"
	"testing"
	"time"

	"fxcore/gateways/mainframe/internal/ahead"
	"fxcore/gateways/mainframe/internal/hosttest"
	"fxcore/gateways/mainframe/internal/link"
	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/lambda/amqp"
	"fxcore/lambda/config"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/clock"
	"fxcore/services/contract"
)

func TestMain(m *testing.M) { hosttest.Main(m) }

// The whole gateway on real servers. It delivers a set that is asked for, books a trade that is registered, moves money, and tells
// what it has moved. SIGTERM leaves nothing of it behind.
func TestGatewayAnswersAndStopsWithoutARemnant(t *testing.T) {
	program.NoRemnant(t)
	broker, host := program.OwnBroker(t), hosttest.Start(t)
	core := program.Meet(t, broker.URL, core())
	app := gateway(settings{
		Base:      config.Base{Replica: "test", HealthAddr: "127.0.0.1:0", TLS: hosttest.TLS("mainframe")},
		AMQP:      broker,
		Mainframe: link.Config{Addr: host.Addr, DialTimeout: time.Minute, Timeout: time.Minute, Failures: 3, Rest: time.Second},
		MaxWait:   time.Minute,
		Clock:     clock.Config{MayRunAhead: true}, Ahead: ahead.Config{Control: host.Control()},
	})
	stop := program.Start(t, 20*time.Second, app)
	ask(t, core, contract.StaticRequested, `{"set":"rates","known_version":0}`, contract.StaticDelivered)
	registered := sample.Of(t, "services/trading/internal/messages", contract.TradeRegistered)
	ask(t, core, contract.TradeRegistered, string(registered), contract.TradeBooked)
	ask(t, core, contract.MovementRequested, `{"movement_id":"m1","value_date":"2026-11-26","client":"C000001","not_after":"2100-01-01T00:00:00Z",
		"lines":[{"currency":"EUR","amount":"1","from":"C000001-EUR","to":"FXSETTLE-EUR"}]}`, contract.MovementMade)
	ask(t, core, contract.StatementRequested, `{"day":"2026-11-26","first":0,"most":10}`, contract.StatementDelivered)
	core.Tell(t, commandOf(t, time.Now().AddDate(0, 0, 3)))
	testkit.Eventually(t, "the simulator's clock to be moved", time.Minute, func() error {
		if left := time.Until(host.Now()); left < 2*24*time.Hour {
			return fmt.Errorf("it is %s ahead", left)
		}
		return nil
	})
	counters := app.Health.Status(t.Context()).Counters
	if got := counters["bookings.booked"]; got != 1 || len(host.Bookings()) != 1 {
		t.Errorf("%d counted, %d in the book", got, len(host.Bookings()))
	}
	if got := counters["movements.made"]; got != 1 || len(host.Movements()) != 1 {
		t.Errorf("%d counted, %d moved", got, len(host.Movements()))
	}
	stop()
}

// commandOf has the clock moved to a time.
func commandOf(t *testing.T, to time.Time) event.Event {
	t.Helper()
	e, err := event.New(contract.ClockCommanded, event.NewID(testkit.Day, "clock"), contract.Batch, "story", map[string]any{"to": to})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// core stands for the services round the gateway.
func core() amqp.Topology {
	heard := amqp.Queue{Name: "test", Bindings: contract.Bindings(contract.TradeBooked, contract.MovementMade, contract.StatementDelivered, contract.StaticDelivered)}
	return amqp.Topology{
		Service: "test",
		Queues:  append([]amqp.Queue{heard}, messages.Topology().Queues...),
		Publishes: []amqp.Publication{
			{Exchange: contract.TradeExchange, Type: contract.TradeRegistered},
			{Exchange: contract.StaticExchange, Type: contract.StaticRequested},
			{Exchange: contract.SettlementExchange, Type: contract.MovementRequested},
			{Exchange: contract.SettlementExchange, Type: contract.StatementRequested},
			{Exchange: contract.OpsExchange, Type: contract.ClockCommanded},
		},
	}
}

// ask publishes a question. The answer must be of the given type.
func ask(t *testing.T, core *program.Peer, question event.Type, data string, answer event.Type) {
	t.Helper()
	e, err := event.New(question, event.NewID(testkit.Day, question.Name), "batch", "story", []byte(nil))
	if err != nil {
		t.Fatal(err)
	}
	e.Data = []byte(data)
	if got := core.Ask(t, e).Type; got != answer {
		t.Errorf("%s answered with %s", question, got)
	}
}

func TestOnlyAClockThatMayRunAheadIsMoved(t *testing.T) {
	cfg := settings{MaxWait: time.Minute, Ahead: ahead.Config{Control: "https://127.0.0.1:1"}}
	if err := cfg.Validate(); err == nil {
		t.Error("no error")
	}
	if cfg.Clock.MayRunAhead = true; cfg.Validate() != nil {
		t.Error(cfg.Validate())
	}
}

func TestHoldMustStayBelowTheBrokersPatience(t *testing.T) {
	for wait, good := range map[time.Duration]bool{15 * time.Minute: true, 30 * time.Minute: false, 0: false} {
		if err := (settings{MaxWait: wait}).Validate(); (err == nil) != good {
			t.Errorf("%s: %v", wait, err)
		}
	}
}
