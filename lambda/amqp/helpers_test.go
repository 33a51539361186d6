package amqp_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"
	"go.uber.org/goleak"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		goleak.IgnoreTopFunction("net/http.(*persistConn).readLoop"), // testkit's calls to the broker's management API
		goleak.IgnoreTopFunction("net/http.(*persistConn).writeLoop"),
		goleak.IgnoreTopFunction("internal/poll.runtime_pollWait"))
}

// start runs a bus of the test's topology until the test ends.
func start(t *testing.T, cfg amqp.Config) *amqp.Bus { return startWith(t, cfg, topology) }

func startWith(t *testing.T, cfg amqp.Config, topology amqp.Topology) *amqp.Bus {
	t.Helper()
	bus := amqp.Open(cfg, topology, "thing/1", testkit.Log(t))
	run(t, bus)
	return bus
}

func run(t *testing.T, bus *amqp.Bus) {
	t.Helper()
	testkit.Background(t, bus.Run)
	testkit.Eventually(t, "the broker", 20*time.Second, bus.Ready)
}

func consume(t *testing.T, bus *amqp.Bus, queue string, h amqp.Handler) {
	t.Helper()
	testkit.Background(t, func(ctx context.Context) error { return bus.Consume(ctx, queue, h) })
}

// ask makes n events, numbered from the given start.
func ask(t *testing.T, n int, from ...int) []event.Event {
	t.Helper()
	first := 0
	if len(from) > 0 {
		first = from[0]
	}
	events := make([]event.Event, n)
	for i := range events {
		e, err := event.New(asked, event.NewID(testkit.Day, strconv.Itoa(first+i)), "here", "story", map[string]int{"n": first + i})
		if err != nil {
			t.Fatal(err)
		}
		events[i] = e
	}
	return events
}

func publish(t *testing.T, bus *amqp.Bus, events ...event.Event) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := bus.Publish(ctx, events...); err != nil {
		t.Fatal(err)
	}
}

// answerEach emits one answer per event. The events whose numbers are in bad fail.
func answerEach(bad map[int]error) amqp.Handler {
	return amqp.HandlerFunc(func(_ context.Context, events []event.Event) []amqp.Result {
		results := make([]amqp.Result, len(events))
		for i, e := range events {
			var data struct{ N int }
			if err := e.Read(&data); err != nil {
				results[i].Err = err
				continue
			}
			answer, err := e.Next(answered, data)
			results[i] = amqp.Result{Emit: []event.Event{answer}, Err: errors.Join(err, bad[data.N])}
		}
		return results
	})
}

// seen is a handler that counts the events that it gets.
type seen struct {
	mu    sync.Mutex
	times map[string]int
}

func newSeen() *seen { return &seen{times: map[string]int{}} }

func (s *seen) Handle(_ context.Context, events []event.Event) []amqp.Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range events {
		s.times[e.ID]++
	}
	return make([]amqp.Result, len(events))
}

func (s *seen) await(t *testing.T, n int) {
	t.Helper()
	testkit.Eventually(t, fmt.Sprintf("%d different events", n), 30*time.Second, func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.times) < n {
			return fmt.Errorf("have %d", len(s.times))
		}
		return nil
	})
}

// of tells how often the event of that id was seen.
func (s *seen) of(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.times[id]
}

// different tells how many different events were seen.
func (s *seen) different() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.times)
}

func (s *seen) most() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	most := 0
	for _, n := range s.times {
		most = max(most, n)
	}
	return most
}

// drained waits until the queues are empty.
func drained(t *testing.T, bus *amqp.Bus, queues ...string) {
	t.Helper()
	for _, queue := range queues {
		testkit.Eventually(t, queue+" to be empty", 20*time.Second, func() error {
			messages, _, err := bus.Depth(t.Context(), queue)
			if err == nil && messages > 0 {
				err = fmt.Errorf("%d messages", messages)
			}
			return err
		})
	}
}

// get takes one message from a queue.
func get(t *testing.T, bus *amqp.Bus, queue string) amqp091.Delivery {
	t.Helper()
	var d amqp091.Delivery
	testkit.Eventually(t, "a message in "+queue, 20*time.Second, func() (err error) {
		d, err = bus.Get(t.Context(), queue)
		return err
	})
	return d
}

// timesOf returns nil once some event was seen at least n times.
func timesOf(s *seen, n int) error {
	if got := s.most(); got < n {
		return fmt.Errorf("seen %d times at most, want %d", got, n)
	}
	return nil
}
