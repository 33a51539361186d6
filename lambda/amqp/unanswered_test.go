package amqp_test

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"

	"fxcore/lambda/amqp"
	"fxcore/lambda/testkit"
)

// The network swallows everything, and the heartbeat is too slow to notice: no call may outlive its context.
func TestNothingWaitsForABrokerThatDoesNotAnswer(t *testing.T) {
	before := goleak.IgnoreCurrent()
	proxy, address := testkit.Through(t, testkit.AMQP(t))
	cfg := amqp.Config{URL: address, Heartbeat: time.Minute, StopGrace: time.Second}
	bus := amqp.Open(cfg, topology, "thing/1", testkit.Log(t))
	stopRunning := background(t, bus.Run)
	testkit.Eventually(t, "the broker", 20*time.Second, bus.Ready)
	read := newSeen()
	stopConsuming := background(t, func(ctx context.Context) error { return bus.Consume(ctx, "thing", read) })
	publish(t, bus, ask(t, 1)...)
	read.await(t, 1)

	proxy.Freeze()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	inTime(t, "Depth", func() { _, _, _ = bus.Depth(ctx, "thing") })
	inTime(t, "Declare", func() { _ = bus.Declare(ctx, later()) })
	stopConsuming()
	inTime(t, "a new consumer", func() { _ = bus.Consume(ctx, "answers", read) })
	stopRunning()
	proxy.Heal()
	proxy.Cut()
	goleak.VerifyNone(t, before, goleak.IgnoreTopFunction("internal/poll.runtime_pollWait")) // the proxy listens on
}

// A consumer that the broker does not let begin says so and tries again. It begins once the broker lets it.
func TestAConsumerThatCannotBeginSaysSoAndTriesAgain(t *testing.T) {
	proxy, address := testkit.Through(t, testkit.AMQP(t))
	bus, log := startLogged(t, amqp.Config{URL: address, Heartbeat: time.Minute, StopGrace: time.Second}, topology)
	bus.SubscribeWithin(time.Second)
	publish(t, bus, ask(t, 1)...)
	proxy.Freeze()
	read := newSeen()
	consume(t, bus, "thing", read)
	log.await(t, "level=WARN", "consume thing: the broker does not answer in 1s")
	proxy.Heal()
	read.await(t, 1)
}
