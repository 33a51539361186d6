package amqp_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
)

var (
	asked    = event.Type{Name: "thing.asked", Version: 1}
	answered = event.Type{Name: "thing.answered", Version: 1}
)

// one service that publishes two types and consumes one of them.
var topology = amqp.Topology{
	Service: "thing",
	Queues: []amqp.Queue{
		{Name: "thing", Bindings: []amqp.Binding{{Exchange: "test.things", Key: "thing.asked.*"}}},
		{Name: "answers", Bindings: []amqp.Binding{{Exchange: "test.things", Key: "thing.answered.*"}}},
	},
	Publishes: []amqp.Publication{
		{Exchange: "test.things", Type: asked},
		{Exchange: "test.things", Type: answered},
	},
}

func TestEveryEventIsHandledAndItsOutcomePublished(t *testing.T) {
	bus := start(t, amqp.Config{URL: testkit.AMQP(t)})
	answers := newSeen()
	consume(t, bus, "thing", answerEach(nil))
	consume(t, bus, "answers", answers)

	publish(t, bus, ask(t, 1_000)...)

	answers.await(t, 1_000)
	if answers.most() != 1 {
		t.Errorf("an answer came %d times", answers.most())
	}
	drained(t, bus, "thing", "answers", amqp.ErrorQueue)
}

func TestEventsTravelInBatches(t *testing.T) {
	bus := start(t, amqp.Config{URL: testkit.AMQP(t)})
	publish(t, bus, ask(t, 120)...)
	messages, _, err := bus.Depth(t.Context(), "thing")
	if err != nil || messages != 3 {
		t.Errorf("120 events became %d messages (%v), want 3 of at most 50", messages, err)
	}
	batches := make(chan int, 120)
	consume(t, bus, "thing", amqp.HandlerFunc(func(_ context.Context, events []event.Event) []amqp.Result {
		batches <- len(events)
		return make([]amqp.Result, len(events))
	}))
	if n := <-batches; n < 50 {
		t.Errorf("the first batch had %d events, want at least the 50 of one message", n)
	}
	drained(t, bus, "thing")
}

// A shared type's events travel together whatever their origin, and each keeps its own.
func TestSharedTypesTravelTogether(t *testing.T) {
	shared := topology
	shared.Publishes = []amqp.Publication{{Exchange: "test.things", Type: asked, Shared: true}}
	bus := startWith(t, amqp.Config{URL: testkit.AMQP(t)}, shared)
	events := ask(t, 40)
	for i := range events {
		events[i].Origin = strconv.Itoa(i)
	}
	publish(t, bus, events...)
	d := get(t, bus, "thing")
	got, err := event.Decode(d.ContentType, d.Body)
	if err != nil || len(got) != len(events) || got[7].Origin != "7" || d.RoutingKey != "thing.asked.all" {
		t.Errorf("%d events (%v) under %s, want all %d in one message under thing.asked.all", len(got), err, d.RoutingKey, len(events))
	}
}

// What a queue of reports has no room for is dropped in silence: it is neither an error nor unroutable.
func TestAQueueMayKeepTheNewestAlone(t *testing.T) {
	reports := topology
	reports.Queues = slices.Clone(topology.Queues)
	for i := range reports.Queues {
		if reports.Queues[i].Name == "thing" {
			reports.Queues[i].Newest = 3
		}
	}
	bus := startWith(t, amqp.Config{URL: testkit.AMQP(t)}, reports)
	for n := range 10 {
		publish(t, bus, ask(t, 1, n)...)
	}
	testkit.Eventually(t, "the queue to keep three", 20*time.Second, func() error {
		if n, _, err := bus.Depth(t.Context(), "thing"); err != nil || n != 3 {
			return fmt.Errorf("%d messages, %w", n, err)
		}
		return nil
	})
	s := newSeen()
	consume(t, bus, "thing", s)
	s.await(t, 3)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range ask(t, 3, 7) {
		if s.times[e.ID] != 1 {
			t.Errorf("%s was seen %d times; seen: %v", e.Data, s.times[e.ID], s.times)
		}
	}
	drained(t, bus, "thing", amqp.ErrorQueue, amqp.UnroutableQueue)
}

func TestOneBadEventDoesNotHurtItsNeighbours(t *testing.T) {
	bus := start(t, amqp.Config{URL: testkit.AMQP(t)})
	answers := newSeen()
	consume(t, bus, "thing", answerEach(map[int]error{7: errors.New("seven is no good")}))
	consume(t, bus, "answers", answers)

	publish(t, bus, ask(t, 20)...)

	answers.await(t, 19)
	dead := get(t, bus, amqp.ErrorQueue)
	if reason := fmt.Sprint(dead.Headers["fx-reason"]); !strings.Contains(reason, "seven is no good") {
		t.Errorf("reason in the error queue: %q", reason)
	}
	if dead.Headers["fx-queue"] != "thing" || dead.Headers["fx-routing-key"] != "thing.asked.here" {
		t.Errorf("headers do not tell where the event came from: %v", dead.Headers)
	}
	events, err := event.Decode(dead.ContentType, dead.Body)
	if err != nil || len(events) != 1 || events[0].ID != event.NewID(testkit.Day, "7") {
		t.Errorf("the error queue holds %v (%v), want event 7 alone", events, err)
	}
}

func TestRetryComesBackAndIsBounded(t *testing.T) {
	bus := start(t, amqp.Config{URL: testkit.AMQP(t), Attempts: 3})
	var tries sync.Map
	consume(t, bus, "thing", amqp.HandlerFunc(func(_ context.Context, events []event.Event) []amqp.Result {
		results := make([]amqp.Result, len(events))
		for i, e := range events {
			n, _ := tries.LoadOrStore(e.ID, new(int))
			*n.(*int)++
			if e.ID == event.NewID(testkit.Day, "0") && *n.(*int) == 2 {
				continue // the first event succeeds at its second try, the other never
			}
			results[i].Err = amqp.Retry(errors.New("not yet"))
		}
		return results
	}))
	publish(t, bus, ask(t, 2)...)
	dead := get(t, bus, amqp.ErrorQueue)
	if n := dead.Headers["fx-attempt"]; n != int32(3) {
		t.Errorf("gave up after %v tries, want 3", n)
	}
	drained(t, bus, "thing", "thing.retry", amqp.ErrorQueue)
	for id, want := range map[string]int{event.NewID(testkit.Day, "0"): 2, event.NewID(testkit.Day, "1"): 3} {
		if n, _ := tries.Load(id); *n.(*int) != want {
			t.Errorf("event %s was tried %d times, want %d", id, *n.(*int), want)
		}
	}
}

func TestWhatWaitsIsNeverGivenUp(t *testing.T) {
	const attempts = 2
	bus := start(t, amqp.Config{URL: testkit.AMQP(t), Attempts: attempts})
	var tries atomic.Int32
	consume(t, bus, "thing", amqp.HandlerFunc(func(_ context.Context, events []event.Event) []amqp.Result {
		results := make([]amqp.Result, len(events))
		switch n := tries.Add(1); {
		case n <= 2*attempts:
			results[0].Err = amqp.Wait(errors.New("not yet"))
		default: // its tries are all there
			results[0].Err = amqp.Retry(errors.New("failed"))
		}
		return results
	}))
	publish(t, bus, ask(t, 1)...)
	if dead := get(t, bus, amqp.ErrorQueue); dead.Headers["fx-attempt"] != int32(attempts) {
		t.Errorf("gave up after %v tries, want %d", dead.Headers["fx-attempt"], attempts)
	}
	if n := tries.Load(); n != 3*attempts {
		t.Errorf("handled %d times, want %d", n, 3*attempts)
	}
}

func TestUnreadableMessageGoesToTheErrorQueue(t *testing.T) {
	server := testkit.AMQP(t)
	bus := start(t, amqp.Config{URL: server})
	consume(t, bus, "thing", answerEach(nil))
	ch := testkit.Channel(t, server)
	bodies := map[string]string{event.MediaType: `{"id":`, "text/plain": "hello"}
	for mediaType, body := range bodies {
		msg := amqp091.Publishing{ContentType: mediaType, Body: []byte(body)}
		if err := ch.PublishWithContext(t.Context(), "test.things", "thing.asked.here", false, false, msg); err != nil {
			t.Fatal(err)
		}
	}
	for range bodies {
		dead := get(t, bus, amqp.ErrorQueue)
		if dead.Headers["fx-reason"] == nil || string(dead.Body) != bodies[dead.ContentType] {
			t.Errorf("error queue: %s %q %v", dead.ContentType, dead.Body, dead.Headers)
		}
	}
}

func TestNothingUnroutableIsLostInSilence(t *testing.T) {
	unread := topology
	unread.Queues = nil
	bus := startWith(t, amqp.Config{URL: testkit.AMQP(t)}, unread)
	publish(t, bus, ask(t, 1)...)
	if d := get(t, bus, amqp.UnroutableQueue); d.RoutingKey != "thing.asked.here" {
		t.Errorf("unroutable queue holds %q", d.RoutingKey)
	}
}

func TestUndeclaredTypeIsRefused(t *testing.T) {
	bus := start(t, amqp.Config{URL: testkit.AMQP(t)})
	e, err := event.New(event.Type{Name: "thing.invented", Version: 1}, "1", "here", "story", struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	if err := bus.Publish(t.Context(), e); err == nil || !strings.Contains(err.Error(), "thing.invented") {
		t.Errorf("got %v, want an error that names the type", err)
	}
}

// A connection that is cut while messages are published, handled and confirmed loses nothing: what was not confirmed is
// published again, what was not acknowledged is delivered again.
func TestCutConnectionsLoseNothing(t *testing.T) {
	proxy, address := testkit.Through(t, testkit.AMQP(t))
	bus := start(t, amqp.Config{URL: address, Window: 32})
	answers := newSeen()
	consume(t, bus, "thing", answerEach(nil))
	consume(t, bus, "answers", answers)

	const rounds, each = 5, 400
	for round := range rounds {
		published := make(chan error, 1)
		events := ask(t, each, round*each)
		go func() { published <- bus.Publish(t.Context(), events...) }()
		answers.await(t, round*each+20) // in mid-flow
		proxy.Cut()
		proxy.Heal()
		if err := <-published; err != nil {
			t.Fatal(err)
		}
	}
	answers.await(t, rounds*each)
	drained(t, bus, "thing", "answers", amqp.ErrorQueue)
}

func TestReadySaysWhyNot(t *testing.T) {
	proxy, address := testkit.Through(t, testkit.AMQP(t))
	bus := start(t, amqp.Config{URL: address})
	testkit.Eventually(t, "connection", 20*time.Second, bus.Ready)
	proxy.Cut()
	testkit.Eventually(t, "a reason", 20*time.Second, func() error {
		if bus.Ready() == nil {
			return errors.New("still ready")
		}
		return nil
	})
	proxy.Heal()
	testkit.Eventually(t, "connection again", 20*time.Second, bus.Ready)
}
