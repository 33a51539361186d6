package amqp

import (
	"context"
	"errors"
	"fmt"

	amqp091 "github.com/rabbitmq/amqp091-go"
)

// Follow hands the messages of a stream to read, in their order and from the given offset on, until ctx ends. It uses as many
// connections as it takes. Entries come in batches: what is there, up to the configured bound; only a queue that lingers waits
// for more. The next batch comes when read has returned.
//
// The broker does not note what was read, so the reader keeps its offset: after the entry at offset n it goes on from n+1.
// Each reader of a stream gets all of its messages.
//
// read gets every message from the given offset on at least once. When the connection is lost or read returns an error, Follow
// starts again after the last entries for which read returned nil. It never gives up, so a reader that wants to skip an entry
// must return nil. With Last, the first message that arrives is where the reader began.
//
// Messages can be missed in these cases:
//   - Retention does not wait for readers. If it has removed messages that the reader has not had, the reader goes on with the
//     oldest one that is left. Follow logs this as an error.
//   - A stream that was deleted and declared anew counts from 0 again. The broker then skips all messages before the given
//     offset. Follow logs an error if the stream does not have the offset yet, but cannot notice it later. After a stream was
//     deleted, its readers must begin at First.
//   - A confirm by a stream means that most of its replicas have the message, not that it is on a disk. If all of them lose
//     power at once, the stream may lose its last messages, and use their offsets again.
//
// It returns nil when ctx ends. Errors: the queue is declared but is not a stream; the offset is below Last.
func (b *Bus) Follow(ctx context.Context, stream string, from Offset, read Reader) error {
	if from < Last {
		return fmt.Errorf("follow %s: there is no offset %d", stream, from)
	}
	if q, ok := b.declared().queue(stream); ok && !q.IsStream() {
		return fmt.Errorf("follow %s: it is not a stream", stream)
	}
	f := &follower{bus: b, stream: stream, next: from, read: read}
	f.run(ctx)
	return nil
}

// follower is one reader of a stream.
type follower struct {
	bus    *Bus
	stream string
	next   Offset // where to go on; Last until the first message has arrived
	read   Reader
}

func (f *follower) run(ctx context.Context) {
	delay := firstDelay
	for ctx.Err() == nil {
		before := f.next
		conn, err := f.bus.consuming.wait(ctx)
		if err == nil {
			err = f.on(ctx, conn)
		}
		if ctx.Err() != nil {
			return
		}
		if f.next != before {
			delay = firstDelay
		}
		f.bus.log.Warn("reader of a stream lost, starting again", "stream", f.stream, "offset", f.next, "error", err, "delay", delay.String())
		pause(ctx, delay)
		delay = min(2*delay, f.bus.cfg.MaxDelay)
	}
}

// on reads on one channel of one connection until either ends, read fails or ctx ends.
func (f *follower) on(ctx context.Context, conn *amqp091.Connection) error {
	begin, err := f.begin(ctx, conn)
	if err != nil {
		return err
	}
	s, err := f.bus.subscribe(ctx, conn, f.stream, amqp091.Table{headerOffset: begin})
	if err != nil {
		return err
	}
	defer s.close(ctx)
	f.bus.log.Info("reader of a stream begins", "stream", f.stream, "offset", begin)
	session, lost := f.bus.session(ctx)
	defer lost()
	in := f.bus.newIntake(f.stream, s.deliveries, lost)
	overdue := f.overdue()
	defer overdue.Stop()
	for first := true; ; first = false {
		batch := in.take(ctx, session)
		if batch == nil {
			return errors.New("deliveries ended")
		}
		overdue.Stop()
		if err := f.take(session, batch, first); err != nil {
			return err
		}
		_ = s.ch.Ack(batch[len(batch)-1].DeliveryTag, true) // only asks for more: the stream keeps what was read
	}
}
