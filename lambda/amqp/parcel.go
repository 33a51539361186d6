package amqp

import (
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/event"
)

// Bounds of one AMQP message. Many events in one message make the chain fast; but a message that is redelivered, or that
// cannot be handled, must stay small.
const (
	maxEventsPerMessage = 50
	maxBytesPerMessage  = 256 << 10
)

// parcel is one AMQP message on its way to the broker.
type parcel struct {
	exchange, key string
	msg           amqp091.Publishing
	signed        bool // by its publisher
	group         *group
}

// group is what one call publishes. done is called once: with nil when all parcels are confirmed, else with the first error.
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
	runs, err := t.byAddress(events)
	if err != nil {
		return nil, err
	}
	var parcels []*parcel
	for _, r := range runs {
		for left := r.events; len(left) > 0; {
			n := fit(left)
			msg := message(left[:n])
			if r.expiry > 0 {
				msg.DeliveryMode, msg.Expiration = amqp091.Transient, strconv.FormatInt(r.expiry.Milliseconds(), 10)
			}
			parcels = append(parcels, &parcel{exchange: r.exchange, key: r.key, msg: msg, signed: r.signed})
			left = left[n:]
		}
	}
	return parcels, nil
}

// run is the events that go to one exchange under one routing key.
type run struct {
	exchange, key string
	signed        bool
	expiry        time.Duration // 0 if the messages do not expire
	events        []event.Event
}

// byAddress splits events into runs, in the order in which their addresses first appear.
func (t Topology) byAddress(events []event.Event) ([]*run, error) {
	index := make(map[string]*run, 4)
	var runs []*run
	for _, e := range events {
		p, ok := t.publication(e.Type)
		if !ok {
			return nil, fmt.Errorf("publish %s: %s does not declare it", e.Type, t.Service)
		}
		key := p.key(e)
		r := index[key]
		if r == nil {
			r = &run{exchange: p.Exchange, key: key, expiry: p.Expiry, signed: p.Signed}
			index[key] = r
			runs = append(runs, r)
		}
		r.events = append(r.events, e)
	}
	return runs, nil
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

const sizeGuess = 512 // bytes of an envelope without its data; a good guess saves allocations

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
