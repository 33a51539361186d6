package booking

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fxcore/gateways/mainframe/internal/hosttest"
	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
)

const answers = "test.answers"

// flow is a broker, a producer of registered trades, and a reader of the answers.
type flow struct {
	t      *testing.T
	broker string
	bus    *amqp.Bus

	mu     sync.Mutex
	booked map[string]string // trade to its reference
}

func newFlow(t *testing.T) *flow {
	t.Helper()
	f := &flow{t: t, broker: testkit.AMQP(t), booked: make(map[string]string)}
	topology := amqp.Topology{
		Service:   "test",
		Publishes: []amqp.Publication{{Exchange: contract.TradeExchange, Type: contract.TradeRegistered}},
		Queues: []amqp.Queue{
			{Name: answers, Bindings: contract.Bindings(contract.TradeBooked, contract.TradeRefused)},
			messages.Topology().Queues[0],
		},
	}
	f.bus = f.open(topology)
	f.loop(t.Context(), func(ctx context.Context) { _ = f.bus.Consume(ctx, answers, amqp.HandlerFunc(f.read)) })
	return f
}

// open runs a bus until the test ends.
func (f *flow) open(topology amqp.Topology) *amqp.Bus {
	bus := amqp.Open(amqp.Config{URL: f.broker, StopGrace: 300 * time.Millisecond}, topology, "test", testkit.Log(f.t))
	f.loop(f.t.Context(), func(ctx context.Context) { _ = bus.Run(ctx) })
	return bus
}

// loop runs until ctx ends. The test waits for its end.
func (f *flow) loop(ctx context.Context, run func(ctx context.Context)) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(ctx)
	}()
	f.t.Cleanup(func() { <-done })
}

// replica runs a gateway's booking until ctx ends.
func (f *flow) replica(ctx context.Context, host *hosttest.Host, maxWait time.Duration) {
	bus, b := f.open(messages.Topology()), booker(f.t, host.Addr)
	f.loop(ctx, func(ctx context.Context) { _ = b.Consume(ctx, bus, messages.Bookings, maxWait) })
}

func (f *flow) read(_ context.Context, events []event.Event) []amqp.Result {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range events {
		var b messages.Booked
		if err := e.Read(&b); err != nil || b.BookingReference == "" {
			f.t.Errorf("%s: %s, %v", e.Type, e.Data, err)
		}
		if was, known := f.booked[b.TradeID]; known && was != b.BookingReference {
			f.t.Errorf("trade %s booked as %s and as %s", b.TradeID, was, b.BookingReference)
		}
		f.booked[b.TradeID] = b.BookingReference
	}
	return make([]amqp.Result, len(events))
}

func (f *flow) publish(from, to int) {
	f.t.Helper()
	var events []event.Event
	for n := from; n < to; n++ {
		events = append(events, trade(f.t, n))
	}
	if err := f.bus.Publish(f.t.Context(), events...); err != nil {
		f.t.Fatal(err)
	}
}

// answered waits until at least n trades are.
func (f *flow) answered(n int) {
	f.t.Helper()
	testkit.Eventually(f.t, fmt.Sprintf("%d bookings", n), time.Minute, func() error {
		f.mu.Lock()
		defer f.mu.Unlock()
		if len(f.booked) < n {
			return fmt.Errorf("%d booked", len(f.booked))
		}
		return nil
	})
}

// inOrderAndOnce compares the book with the n trades published.
func (f *flow) inOrderAndOnce(host *hosttest.Host, n int) {
	f.t.Helper()
	f.answered(n)
	book := host.Bookings()
	if len(book) != n {
		f.t.Errorf("%d bookings of %d trades", len(book), n)
	}
	for i, b := range book {
		if b.TradeID != tradeID(i) || f.booked[b.TradeID] != b.Reference {
			f.t.Fatalf("booking %d is of %s, not of %s; told as %q, in the book %q", i, b.TradeID, tradeID(i), f.booked[b.TradeID], b.Reference)
		}
	}
}

func TestBookingsStayInOrderAndOnceWhateverTheMainframeDoes(t *testing.T) {
	host := hosttest.Start(t)
	f := newFlow(t)
	f.replica(t.Context(), host, time.Minute)
	f.publish(0, 300)
	f.answered(100)

	host.Order("/away?how=refuse&for=1s")
	f.publish(300, 600)
	host.Order("/wrong?how=garbage&every=97&for=2s")
	f.publish(600, 900)
	f.answered(700)

	f.publish(900, 1200)
	host.Kill()
	f.publish(1200, 1300)
	host.Run()
	host.Order("/wrong?how=error&every=211&for=2s")
	f.publish(1300, 1500)
	host.Order("/away?how=blackhole&for=1500ms")
	f.publish(1500, 1600)
	f.inOrderAndOnce(host, 1600)
}

func TestAnotherReplicaBooksOnInOrderWhenOneGoes(t *testing.T) {
	host := hosttest.Start(t)
	f := newFlow(t)
	first, stop := context.WithCancel(t.Context())
	f.replica(first, host, time.Minute)
	f.publish(0, 10)
	f.answered(10)
	f.replica(t.Context(), host, time.Minute)
	host.Order("/slow?latency=200ms&for=1m")
	f.publish(10, 300)
	stop() // with trades in flight at the host
	host.Order("/well")
	f.publish(300, 400)
	f.inOrderAndOnce(host, 400)
}

// sessions counts how often Consume was called.
type sessions struct {
	*amqp.Bus
	n atomic.Int32
}

func (s *sessions) Consume(ctx context.Context, queue string, h amqp.Handler) error {
	s.n.Add(1)
	return s.Bus.Consume(ctx, queue, h)
}

func TestBatchHeldTooLongGoesBackAndIsBookedLaterInOrder(t *testing.T) {
	host := hosttest.Start(t)
	f := newFlow(t)
	host.Order("/away?how=refuse&for=1m")
	b, bus := booker(t, host.Addr), &sessions{Bus: f.open(messages.Topology())}
	f.loop(t.Context(), func(ctx context.Context) { _ = b.Consume(ctx, bus, messages.Bookings, 200*time.Millisecond) })
	f.publish(0, 100)
	testkit.Eventually(t, "the deliveries to be given back twice", 20*time.Second, func() error {
		if n := bus.n.Load(); n < 3 {
			return fmt.Errorf("taken up %d times", n)
		}
		return nil
	})
	host.Order("/well")
	f.publish(100, 200)
	f.inOrderAndOnce(host, 200)
}
