package amqp

import (
	"context"
	"fmt"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/event"
)

// Offset is the place of a message in its stream. Offsets grow from message to message, but not always by one: the broker
// uses some for itself.
type Offset int64

// Where a reader can begin, besides at an offset.
const (
	First Offset = 0  // the oldest message that the stream still has
	Last  Offset = -1 // the newest message, or some messages before it: the broker hands out what it stored together
)

// Entry is one message of a stream.
type Entry struct {
	Offset Offset
	Events []event.Event
	Err    error // why the message cannot be read; Events is then empty
}

// Reader takes entries, in the order of their offsets. It returns nil once it no longer needs them, for example because it
// has stored their effects together with the last offset. After an error it gets the same entries again.
//
// ctx ends when the connection is lost or when a stopping reader has used up its grace.
type Reader func(ctx context.Context, entries []Entry) error

// entryOf reads a delivery of a stream.
func entryOf(d amqp091.Delivery, g guard) (Entry, error) {
	offset, ok := d.Headers[headerOffset].(int64)
	if !ok {
		return Entry{}, fmt.Errorf("message has no offset in its header %s: its queue is not a stream", headerOffset)
	}
	events, err := g.read(d)
	return Entry{Offset: Offset(offset), Events: events, Err: err}, nil
}

// headerOffset is the broker's name for an offset: of a message in its headers, and of a reader's beginning in the
// arguments of its subscription.
const headerOffset = "x-stream-offset"
