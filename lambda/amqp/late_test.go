package amqp_test

import (
	"context"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
)

// consumeUntil consumes until the returned function is called.
func consumeUntil(bus *amqp.Bus, queue string, h amqp.Handler) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = bus.Consume(ctx, queue, h)
	}()
	return func() { cancel(); <-done }
}

// An instance handles a message and loses the broker before its outcome is confirmed. When the confirm comes at last, on
// another connection, the instance has another message in hand, with the delivery tag that the first one had. The late
// acknowledgement of the first one must not remove it.
func TestALateAcknowledgementRemovesNoOtherMessage(t *testing.T) {
	broker := testkit.AMQP(t)
	other := start(t, amqp.Config{URL: broker, Prefetch: 1})
	deliveries, address := testkit.Through(t, broker)
	confirms, publishAt := testkit.Through(t, broker)
	bus := amqp.Open(amqp.Config{URL: address, Prefetch: 1}, topology, "thing/1", testkit.Log(t))
	bus.PublishBy(publishAt)
	run(t, bus)
	answers, asks := newSeen(), ask(t, 2)
	consume(t, other, "answers", answers)

	held, gate := make(chan struct{}), make(chan struct{})
	defer close(gate) // before the consumers' end is waited for
	answer := answerEach(nil)
	consume(t, bus, "thing", amqp.HandlerFunc(func(ctx context.Context, events []event.Event) []amqp.Result {
		if events[0].ID == asks[0].ID {
			confirms.Mute() // of what it emits now
			return answer.Handle(ctx, events)
		}
		close(held)
		<-gate
		return answer.Handle(ctx, events)
	}))
	publish(t, other, asks[0])
	answers.await(t, 1) // so the broker has it
	deliveries.Cut()
	confirms.Cut()
	stop := consumeUntil(other, "thing", answer) // takes the first message, which the broker has back
	testkit.Eventually(t, "the other's answer", 20*time.Second, func() error { return timesOf(answers, 2) })
	stop()

	deliveries.Heal()
	publish(t, other, asks[1])
	<-held
	confirms.Heal()
	testkit.Eventually(t, "the late confirm", 20*time.Second, func() error { return timesOf(answers, 3) })
	publish(t, bus, ask(t, 1, 7)...) // its confirm comes after the late one
	<-time.After(100 * time.Millisecond)

	deliveries.Cut() // the instance dies with the second message in its hands
	defer consumeUntil(other, "thing", answer)()
	answers.await(t, 3)
	drained(t, other, "thing", amqp.ErrorQueue)
}

// The broker has taken a message, and its confirm is lost on the way. The message is published again, under the same id.
func TestALostConfirmPublishesAgainUnderTheSameID(t *testing.T) {
	broker := testkit.AMQP(t)
	other := start(t, amqp.Config{URL: broker})
	proxy, address := testkit.Through(t, broker)
	bus := start(t, amqp.Config{URL: address, Prefetch: 1})
	read := newSeen()
	consume(t, other, "thing", read)

	publish(t, bus, ask(t, 1, 7)...) // so that there is a channel to publish on
	proxy.Mute()
	published := make(chan error, 1)
	go func() { published <- bus.Publish(t.Context(), ask(t, 1)...) }()
	read.await(t, 2) // so the broker has both
	select {
	case err := <-published:
		t.Fatalf("published with %v although nobody has confirmed", err)
	default:
	}
	proxy.Cut()
	proxy.Heal()
	if err := <-published; err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, "the second time", 20*time.Second, func() error { return timesOf(read, 2) })
	drained(t, other, "thing")
}
