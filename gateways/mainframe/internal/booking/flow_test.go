package booking

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"fxcore/gateways/mainframe/internal/flowtest"
	"fxcore/gateways/mainframe/internal/hosttest"
	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
)

// flow is trades that are registered, and answers that they are booked.
type flow struct {
	*flowtest.Flow
	t *testing.T
}

func newFlow(t *testing.T) *flow {
	t.Helper()
	return &flow{t: t, Flow: flowtest.New(t, flowtest.Story{
		Queue: messages.Bookings, Asked: contract.TradeRegistered, Answers: []event.Type{contract.TradeBooked, contract.TradeRefused},
		Read: func(e event.Event) (flowtest.Line, error) {
			var b messages.Booked
			err := e.Read(&b)
			if err == nil && b.BookingReference == "" {
				err = fmt.Errorf("no reference")
			}
			return flowtest.Line{ID: b.TradeID, Reference: b.BookingReference}, err
		},
	})}
}

// replica runs a gateway's booking until ctx ends.
func (f *flow) replica(ctx context.Context, host *hosttest.Host, maxWait time.Duration) {
	bus, b := f.Gateway(), booker(f.t, host.Addr)
	f.Loop(ctx, func(ctx context.Context) { _ = b.Consume(ctx, bus, messages.Bookings, maxWait) })
}

func (f *flow) publish(from, to int) {
	f.t.Helper()
	f.Publish(from, to, func(n int) event.Event { return trade(f.t, n) })
}

// inOrderAndOnce compares the book with the n trades published.
func (f *flow) inOrderAndOnce(host *hosttest.Host, n int) {
	f.t.Helper()
	f.InOrderAndOnce(n, tradeID, func() (lines []flowtest.Line) {
		for _, b := range host.Bookings() {
			lines = append(lines, flowtest.Line{ID: b.TradeID, Reference: b.Reference})
		}
		return lines
	})
}

func TestBookingsStayInOrderAndOnceWhateverTheMainframeDoes(t *testing.T) {
	host := hosttest.Start(t)
	f := newFlow(t)
	f.replica(t.Context(), host, time.Minute)
	f.publish(0, 300)
	f.Answered(100)

	host.Order("/away?how=refuse&for=1s")
	f.publish(300, 600)
	host.Order("/wrong?how=garbage&every=97&for=2s")
	f.publish(600, 900)
	f.Answered(700)

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
	f.Answered(10)
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
	b, bus := booker(t, host.Addr), &sessions{Bus: f.Gateway()}
	f.Loop(t.Context(), func(ctx context.Context) { _ = b.Consume(ctx, bus, messages.Bookings, 200*time.Millisecond) })
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
