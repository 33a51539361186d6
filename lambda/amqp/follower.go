package amqp

import (
	"context"
	"fmt"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"
)

// begin returns where a subscription begins, in the broker's form. A reader that goes on begins with the last message
// that it has handled: if the stream still has it, the reader has missed nothing. If the reader wants Last and the
// stream is empty, it begins at First.
func (f *follower) begin(ctx context.Context, conn *amqp091.Connection) (any, error) {
	if f.next != Last {
		return int64(max(f.next-1, First)), nil
	}
	q, err := ask(ctx, func() (amqp091.Queue, error) { return look(conn, f.stream) }, nil)
	if err == nil && q.Messages == 0 {
		// The stream is empty, so this reader gets all of it. If it asked for the last message again after a lost
		// connection, the broker would skip what came meanwhile.
		f.next = First
		return int64(First), nil
	}
	return "last", err
}

// take hands one batch to the reader and notes where to go on.
func (f *follower) take(ctx context.Context, batch []amqp091.Delivery, first bool) error {
	entries, err := f.entries(batch)
	if err != nil {
		return err
	}
	if first {
		f.arrived(entries[0].Offset)
	}
	for len(entries) > 0 && entries[0].Offset < f.next {
		entries = entries[1:] // handled before
	}
	if len(entries) == 0 {
		return nil
	}
	if err := f.read(ctx, entries); err != nil {
		return fmt.Errorf("read from offset %d: %w", entries[0].Offset, err)
	}
	f.next = entries[len(entries)-1].Offset + 1
	return nil
}

func (f *follower) entries(batch []amqp091.Delivery) ([]Entry, error) {
	entries, guard := make([]Entry, len(batch)), f.bus.guard(f.stream)
	for i, d := range batch {
		e, err := entryOf(d, guard)
		if err != nil {
			return nil, err
		}
		if e.Err != nil {
			f.bus.log.Error("message of a stream cannot be read", "stream", f.stream, "offset", e.Offset, "routing_key", d.RoutingKey, "error", e.Err)
			f.bus.tellRefused(f.stream, d, e.Err)
		}
		entries[i] = e
	}
	return entries, nil
}

// arrived notes where a subscription really begins. It logs an error if retention has removed messages that the reader
// has not had.
func (f *follower) arrived(begin Offset) {
	switch {
	case f.next == Last:
		f.next = begin
	case f.next > First && begin > f.next:
		f.bus.log.Error("retention has removed messages of a stream before they were read",
			"stream", f.stream, "from", f.next, "to", begin-1)
	}
}

// overdue logs an error if the broker does not hand out the last message that the reader has handled, within the time after
// which a silent connection is given up. The caller stops the timer when a message comes.
func (f *follower) overdue() *time.Timer {
	handled := f.next - 1
	timer := time.AfterFunc(3*f.bus.cfg.Heartbeat, func() {
		f.bus.log.Error("stream does not hand out the last message that was read: if the stream was declared anew, its reader must begin at the first message",
			"stream", f.stream, "offset", handled)
	})
	if handled < First {
		timer.Stop()
	}
	return timer
}
