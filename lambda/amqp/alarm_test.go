package amqp_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/testkit"
)

// While the broker has no memory it takes no messages. Publishing waits, consuming goes on, and the bus says why it is not
// ready. Nothing is lost, however much waits, and a bus that is stopped meanwhile ends.
func TestTheBrokersMemoryAlarm(t *testing.T) {
	broker := testkit.OwnBroker(t)
	bus := start(t, amqp.Config{URL: broker.URL})
	publish(t, bus, ask(t, 10)...) // they are in the queue before the alarm
	read := newSeen()

	broker.Alarm()
	const many = 20_000 // 400 messages: more than the window, and than the sockets on the way hold
	published := make(chan error, 1)
	go func() { published <- bus.Publish(t.Context(), ask(t, many, 10)...) }()
	testkit.Eventually(t, "the bus to say so", 20*time.Second, func() error {
		if err := bus.Ready(); err == nil || !strings.Contains(err.Error(), "publishing: broker takes no messages") {
			return context.DeadlineExceeded
		}
		return nil
	})
	consume(t, bus, "thing", read)
	read.await(t, 10)
	stopping := amqp.Open(amqp.Config{URL: broker.URL, Window: 1000}, topology, "thing/2", testkit.Log(t))
	stopsWhileBlocked(t, stopping)
	select {
	case err := <-published:
		t.Fatalf("published with %v although the broker takes nothing", err)
	default:
	}

	broker.Calm()
	if err := <-published; err != nil {
		t.Fatal(err)
	}
	read.await(t, 10+many)
	testkit.Eventually(t, "the bus to be ready again", 20*time.Second, bus.Ready)
	if read.most() != 1 {
		t.Errorf("an event came %d times", read.most())
	}
}

// stopsWhileBlocked runs a bus, lets it publish until its connection takes no more, and stops it.
func stopsWhileBlocked(t *testing.T, bus *amqp.Bus) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- bus.Run(ctx) }()
	testkit.Eventually(t, "the broker", 20*time.Second, func() error {
		if err := bus.Ready(); err != nil && !strings.Contains(err.Error(), "takes no messages") {
			return err
		}
		return nil
	})
	waiting, give := context.WithTimeout(t.Context(), 2*time.Second)
	defer give()
	if err := bus.Publish(waiting, ask(t, 50_000, 100_000)...); err == nil {
		t.Error("published although the broker takes nothing")
	}
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("ended with %v", err)
		}
	case <-time.After(time.Minute):
		t.Error("a bus that the broker does not read from does not end")
	}
}
