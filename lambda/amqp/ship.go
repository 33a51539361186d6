package amqp

import (
	"context"
	"errors"
	"fmt"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"
)

// Post is a message that holds no event.
type Post struct {
	ID        string // says to its reader that a message comes again; at most 255 bytes
	MediaType string
	Body      []byte
	Time      time.Time // when it was published, in seconds; Ship sets it
}

// Cargo hands out posts, one after another. Next waits for one until ctx ends, and returns the same one until Sent; false means that
// there is none.
type Cargo interface {
	Next(ctx context.Context) (Post, bool)
	Sent()
}

// shipPause is the first pause after a post that the broker did not take. Pauses grow to longestShipPause.
const (
	shipPause        = 200 * time.Millisecond
	longestShipPause = 5 * time.Second
)

// errRefused says that the queue is full.
var errRefused = errors.New("the broker refuses it: the queue is full")

// Ship publishes posts to the LogQueue until Next returns false. A post is sent once the broker has confirmed it; until then it is tried
// again, so its reader may get it twice. Ship uses a channel of its own, waits for one confirm at a time, and takes no part of the window
// in which events are published: nothing that publishes events waits for it.
func (b *Bus) Ship(ctx context.Context, cargo Cargo) {
	s := &shipper{bus: b}
	defer s.close(ctx)
	delay, held := shipPause, false
	for {
		post, ok := cargo.Next(ctx)
		if !ok {
			return
		}
		err := s.ship(ctx, post)
		switch {
		case err == nil:
			cargo.Sent()
			if delay = shipPause; held {
				b.log.Info("log lines are sent again")
			}
			held = false
			continue
		case ctx.Err() != nil:
			return
		case !held:
			held = true
			b.log.Warn("log lines are held back: the broker does not take them", "error", err)
		}
		pause(ctx, delay)
		delay = min(2*delay, longestShipPause)
	}
}

// shipper is the channel on which posts are published. It never ends the connection, which it shares with the publisher of events.
type shipper struct {
	bus      *Bus
	ch       *amqp091.Channel // nil while there is none
	confirms chan amqp091.Confirmation
	closed   chan *amqp091.Error
}

// ship returns nil once the broker has the post. After an error the channel is another one.
func (s *shipper) ship(ctx context.Context, p Post) (err error) {
	if err := s.open(ctx); err != nil {
		return err
	}
	defer func() {
		if err != nil && !errors.Is(err, errRefused) {
			s.close(ctx)
		}
	}()
	msg := amqp091.Publishing{UserId: s.bus.user(), DeliveryMode: amqp091.Persistent, MessageId: p.ID, ContentType: p.MediaType, Body: p.Body, Timestamp: time.Now()}
	if err := s.ch.PublishWithContext(ctx, LogQueue, "", false, false, msg); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case reason := <-s.closed:
		return fmt.Errorf("channel closed: %w", reason)
	case c, ok := <-s.confirms:
		if !ok {
			return errors.New("channel closed")
		}
		if !c.Ack {
			return errRefused
		}
		return nil
	}
}

// open waits for a connection and opens the channel, unless it is open.
func (s *shipper) open(ctx context.Context) error {
	if s.ch != nil {
		return nil
	}
	conn, err := s.bus.producing.wait(ctx)
	if err != nil {
		return err
	}
	ch, err := ask(ctx, conn.Channel, func(late *amqp091.Channel) { _ = late.Close() })
	if err != nil {
		return fmt.Errorf("open channel: %w", err)
	}
	s.confirms = ch.NotifyPublish(make(chan amqp091.Confirmation, 1))
	s.closed = ch.NotifyClose(make(chan *amqp091.Error, 1))
	s.ch = ch
	if err := do(ctx, func() error { return ch.Confirm(false) }); err != nil {
		s.close(ctx)
		return fmt.Errorf("select confirms: %w", err)
	}
	return nil
}

// close closes the channel, also when ctx has ended.
func (s *shipper) close(ctx context.Context) {
	if s.ch == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeBudget)
	defer cancel()
	_ = do(ctx, s.ch.Close)
	s.ch = nil
}
