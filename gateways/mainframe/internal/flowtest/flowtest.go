// Package flowtest lets a handler of the gateway work between a real broker and the mainframe simulator, and compares what the
// broker was told with what lies in the mainframe's book.
package flowtest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
)

const answers = "test.answers"

// Story is what flows.
type Story struct {
	Queue   string     // of the gateway, that is under test
	Asked   event.Type // what a test publishes
	Answers []event.Type
	Read    func(e event.Event) (Line, error) // of an answer: what it says was done
}

// Line is what was done with one request: its id and the mainframe's reference. No reference means that it was refused.
type Line struct{ ID, Reference string }

// Flow is a broker, a producer of requests, and a reader of the answers.
type Flow struct {
	t      *testing.T
	story  Story
	broker string
	bus    *amqp.Bus

	mu   sync.Mutex
	told map[string]string // id to reference
}

// New starts a broker, the producer and the reader. They end with the test.
func New(t *testing.T, story Story) *Flow {
	t.Helper()
	f := &Flow{t: t, story: story, broker: testkit.AMQP(t), told: make(map[string]string)}
	topology := amqp.Topology{
		Service:   "test",
		Publishes: []amqp.Publication{{Exchange: contract.Exchange(story.Asked), Type: story.Asked}},
		Queues:    []amqp.Queue{{Name: answers, Bindings: contract.Bindings(story.Answers...)}},
	}
	for _, q := range messages.Topology().Queues {
		if q.Name == story.Queue {
			topology.Queues = append(topology.Queues, q)
		}
	}
	f.bus = f.open(topology)
	f.Loop(t.Context(), func(ctx context.Context) { _ = f.bus.Consume(ctx, answers, amqp.HandlerFunc(f.read)) })
	return f
}

// Gateway returns a bus of the gateway. It ends with the test.
func (f *Flow) Gateway() *amqp.Bus { return f.open(messages.Topology()) }

func (f *Flow) open(topology amqp.Topology) *amqp.Bus {
	cfg := amqp.Config{URL: f.broker, StopGrace: 300 * time.Millisecond}
	amqptest.Trust(f.t, &cfg)
	bus := amqp.Open(cfg, topology, "test", testkit.Log(f.t))
	f.Loop(f.t.Context(), func(ctx context.Context) { _ = bus.Run(ctx) })
	return bus
}

// Loop runs until ctx ends. The test waits for its end.
func (f *Flow) Loop(ctx context.Context, run func(ctx context.Context)) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(ctx)
	}()
	f.t.Cleanup(func() { <-done })
}

func (f *Flow) read(_ context.Context, events []event.Event) []amqp.Result {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range events {
		line, err := f.story.Read(e)
		if err != nil {
			f.t.Errorf("%s: %s, %v", e.Type, e.Data, err)
		}
		if was, known := f.told[line.ID]; known && was != line.Reference {
			f.t.Errorf("%s is told as %q and as %q", line.ID, was, line.Reference)
		}
		f.told[line.ID] = line.Reference
	}
	return make([]amqp.Result, len(events))
}

// Publish sends the requests from one number up to another, without the last.
func (f *Flow) Publish(from, to int, request func(n int) event.Event) {
	f.t.Helper()
	var events []event.Event
	for n := from; n < to; n++ {
		events = append(events, request(n))
	}
	if err := f.bus.Publish(f.t.Context(), events...); err != nil {
		f.t.Fatal(err)
	}
}

// Answered waits until at least n requests are.
func (f *Flow) Answered(n int) {
	f.t.Helper()
	testkit.Eventually(f.t, fmt.Sprintf("%d answers", n), time.Minute, func() error {
		f.mu.Lock()
		defer f.mu.Unlock()
		if len(f.told) < n {
			return fmt.Errorf("%d answered", len(f.told))
		}
		return nil
	})
}

// Told returns the reference that was told for an id.
func (f *Flow) Told(id string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.told[id]
}

// InOrderAndOnce waits for n answers and compares them with the book: the requests 0 to n-1, each once, in order.
func (f *Flow) InOrderAndOnce(n int, id func(n int) string, book func() []Line) {
	f.t.Helper()
	f.Answered(n)
	lines := book()
	if len(lines) != n {
		f.t.Errorf("%d lines of %d requests", len(lines), n)
	}
	for i, l := range lines {
		if l.ID != id(i) || f.Told(l.ID) != l.Reference {
			f.t.Fatalf("line %d is of %s, not of %s; told as %q, in the book %q", i, l.ID, id(i), f.Told(l.ID), l.Reference)
		}
	}
}
