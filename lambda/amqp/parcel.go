package amqp

import (
	"fmt"
	"sync/atomic"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/event"
)

// Bounds of one AMQP message: many events in one message is what makes the chain fast, but a poisoned or redelivered
// message must stay small.
const (
	maxEventsPerMessage = 50
	maxBytesPerMessage  = 256 << 10
)

// parcel is one AMQP message on its way to the broker.
type parcel struct {
	exchange, key string
	msg           amqp091.Publishing
	group         *group
}

// group is what one call publishes: done is told once, when all its parcels are confirmed or the bus has stopped.
type group struct {
	left atomic.Int32
	done func(error)
}

func (g *group) settle(err error) {
	if err != nil {
		if g.left.Swap(0) > 0 {
			g.done(err)
		}
		return
	}
	if g.left.Add(-1) == 0 {
		g.done(nil)
	}
}

// pack groups events by routing key, in order within a key, and cuts them into bounded messages.
func (t Topology) pack(events []event.Event) ([]*parcel, error) {
	var parcels []*parcel
	for _, run := range byKey(events) {
		exchange, ok := t.exchangeOf(run[0].Type)
		if !ok {
			return nil, fmt.Errorf("publish %s: %s does not declare it", run[0].Type, t.Service)
		}
		for len(run) > 0 {
			n := fit(run)
			parcels = append(parcels, &parcel{exchange: exchange, key: run[0].Key(), msg: message(run[:n])})
			run = run[n:]
		}
	}
	return parcels, nil
}

// byKey splits events by type and origin, keeping the order of first appearance.
func byKey(events []event.Event) [][]event.Event {
	type address struct {
		typ    event.Type
		origin string
	}
	index := make(map[address]int, 4)
	var runs [][]event.Event
	for _, e := range events {
		a := address{e.Type, e.Origin}
		i, ok := index[a]
		if !ok {
			i = len(runs)
			index[a] = i
			runs = append(runs, nil)
		}
		runs[i] = append(runs[i], e)
	}
	return runs
}

// fit tells how many of the first events go into one message; at least one.
func fit(events []event.Event) int {
	bytes := 0
	for i, e := range events {
		bytes += len(e.Data)
		if i > 0 && (i == maxEventsPerMessage || bytes > maxBytesPerMessage) {
			return i
		}
	}
	return len(events)
}

const sizeGuess = 512 // of the envelope without its data; only saves growing

// message encodes events as one persistent AMQP message: the plain form for one, the batched form for more.
func message(events []event.Event) amqp091.Publishing {
	size := 2
	for _, e := range events {
		size += len(e.Data) + sizeGuess
	}
	msg := amqp091.Publishing{DeliveryMode: amqp091.Persistent, MessageId: events[0].ID}
	if len(events) == 1 {
		msg.ContentType = event.MediaType
		msg.Body = event.Append(make([]byte, 0, size), events[0])
		return msg
	}
	msg.ContentType = event.MediaTypeBatch
	msg.Body = event.AppendBatch(make([]byte, 0, size), events)
	return msg
}
