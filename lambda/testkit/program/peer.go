package program

import (
	"context"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/event"
)

// patience is how long a peer waits for a confirm, and for an answer.
const patience = time.Minute

// Peer stands for all programs that exchange messages with the one under test.
type Peer struct {
	bus   *amqp.Bus
	heard chan event.Event
}

// Meet declares a topology, and consumes its first queue, if it has one, until the test ends.
func Meet(t *testing.T, url string, topology amqp.Topology) *Peer {
	t.Helper()
	p, cfg := &Peer{heard: make(chan event.Event, 16)}, amqp.Config{URL: url}
	if len(topology.Queues) == 0 {
		p.bus = amqptest.Open(t, cfg, topology)
	} else {
		p.bus = amqptest.Serve(t, cfg, topology, amqp.HandlerFunc(p.hear))
	}
	return p
}

func (p *Peer) hear(ctx context.Context, events []event.Event) []amqp.Result {
	for _, e := range events {
		select {
		case p.heard <- e:
		case <-ctx.Done():
		}
	}
	return make([]amqp.Result, len(events))
}

// Tell publishes an event, and waits for the broker's confirm.
func (p *Peer) Tell(t *testing.T, e event.Event) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := p.bus.Publish(ctx, e); err != nil {
		t.Fatal(err)
	}
}

// Ask publishes an event and returns the next event that the peer gets.
func (p *Peer) Ask(t *testing.T, e event.Event) event.Event {
	t.Helper()
	p.Tell(t, e)
	select {
	case answer := <-p.heard:
		return answer
	case <-time.After(patience):
		t.Fatalf("no answer to %s", e.Type)
		return event.Event{}
	}
}
