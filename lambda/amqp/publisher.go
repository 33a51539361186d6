package amqp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"
)

// ErrStopped means that the bus ended before the broker confirmed. The broker may or may not have the events.
var ErrStopped = errors.New("bus stopped before the broker confirmed")

const nackPause = 100 * time.Millisecond // before a parcel that the broker refused is tried again

// publisher owns the publishing channel. One goroutine publishes and reads the confirms, so that both have the same order.
// Parcels that are unconfirmed when a connection ends are published again on the next one, first and in order.
type publisher struct {
	link        *link
	log         *slog.Logger
	slots       chan struct{} // the window: one slot per parcel from send to confirm
	in          chan *parcel  // as wide as the window, so that a parcel with a slot never waits
	unconfirmed []*parcel     // in the order of their delivery tags; owned by run
	refused     []*parcel     // nacked, waiting to be tried again; owned by run
	pause       *time.Timer   // runs before refused parcels are tried again
	stopped     chan struct{}
}

func newPublisher(l *link, window int, log *slog.Logger) *publisher {
	return &publisher{
		link: l, log: log, slots: make(chan struct{}, window), in: make(chan *parcel, window),
		pause: time.NewTimer(0), stopped: make(chan struct{}),
	}
}

// send hands parcels to the publisher. It blocks while the window is full, until ctx ends at the latest; parcels that have
// a slot by then are published all the same. done is called once, by send or by the publisher's goroutine. It must not
// call send.
func (p *publisher) send(ctx context.Context, parcels []*parcel, done func(error)) {
	g := &group{done: done}
	g.left.Store(int32(len(parcels)))
	for _, one := range parcels {
		one.group = g
		select {
		case <-p.stopped:
			g.settle(ErrStopped)
			return
		case <-ctx.Done():
			g.settle(fmt.Errorf("publish: %w", ctx.Err()))
			return
		case p.slots <- struct{}{}:
			p.in <- one
		}
	}
	select {
	case <-p.stopped: // stop may have emptied p.in before the last parcel came
		g.settle(ErrStopped)
	default:
	}
}

// run publishes until ctx ends. Then it settles everything that is unconfirmed with ErrStopped.
func (p *publisher) run(ctx context.Context) {
	defer p.stop()
	for ctx.Err() == nil {
		conn, err := p.link.wait(ctx)
		if err != nil {
			return
		}
		if err := p.serve(ctx, conn); err != nil && ctx.Err() == nil {
			p.log.Warn("publishing channel lost", "error", err, "unconfirmed", len(p.unconfirmed))
			discard(conn) // a channel may die alone: throw the whole session away
			pause(ctx, firstDelay)
		}
	}
}

// serve publishes on one connection until it ends. It does not close its channel: a broker that takes no messages would
// not answer, and the connection is closed next anyway.
func (p *publisher) serve(ctx context.Context, conn *amqp091.Connection) error {
	ch, err := conn.Channel()
	if err != nil {
		return fmt.Errorf("open publishing channel: %w", err)
	}
	if err := ch.Confirm(false); err != nil {
		return fmt.Errorf("select confirms: %w", err)
	}
	confirms := ch.NotifyPublish(make(chan amqp091.Confirmation, cap(p.slots)+1))
	closed := ch.NotifyClose(make(chan *amqp091.Error, 1))
	if err := p.again(ctx, ch); err != nil {
		return err
	}
	return p.loop(ctx, ch, confirms, closed)
}

func (p *publisher) loop(ctx context.Context, ch *amqp091.Channel, confirms <-chan amqp091.Confirmation, closed <-chan *amqp091.Error) error {
	p.pause.Reset(nackPause) // parcels may be left that were refused on an earlier connection
	for {
		var retry <-chan time.Time // nil, and so never ready, while nothing was refused
		if len(p.refused) > 0 {
			retry = p.pause.C
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-closed:
			return fmt.Errorf("channel closed: %w", err)
		case one := <-p.in:
			if err := p.publish(ctx, ch, one); err != nil {
				return err
			}
		case c, ok := <-confirms:
			if ok {
				p.confirm(c)
			} else {
				confirms = nil // closed says why
			}
		case <-retry:
			if err := p.tryRefused(ctx, ch); err != nil {
				return err
			}
		}
	}
}

// again publishes what the last connection left unconfirmed.
func (p *publisher) again(ctx context.Context, ch *amqp091.Channel) error {
	left := p.unconfirmed
	p.unconfirmed = nil
	for i, one := range left {
		if err := p.publish(ctx, ch, one); err != nil {
			p.unconfirmed = append(p.unconfirmed, left[i+1:]...)
			return err
		}
	}
	return nil
}

func (p *publisher) tryRefused(ctx context.Context, ch *amqp091.Channel) error {
	refused := p.refused
	p.refused = nil
	for i, one := range refused {
		if err := p.publish(ctx, ch, one); err != nil {
			p.refused = refused[i+1:]
			return err
		}
	}
	return nil
}

// publish writes one parcel. On an error it stays among the unconfirmed: the broker may or may not have it.
func (p *publisher) publish(ctx context.Context, ch *amqp091.Channel, one *parcel) error {
	p.unconfirmed = append(p.unconfirmed, one)
	if err := ch.PublishWithContext(ctx, one.exchange, one.key, false, false, one.msg); err != nil {
		return fmt.Errorf("publish %s: %w", one.key, err)
	}
	return nil
}

// confirm settles the oldest parcel, or keeps it to be tried again if the broker refused it. The library hands over
// confirms in the order of their tags.
func (p *publisher) confirm(c amqp091.Confirmation) {
	one := p.unconfirmed[0]
	p.unconfirmed[0] = nil
	p.unconfirmed = p.unconfirmed[1:]
	if !c.Ack {
		p.log.Warn("broker refused a message, trying again", "routing_key", one.key)
		if len(p.refused) == 0 {
			p.pause.Reset(nackPause)
		}
		p.refused = append(p.refused, one)
		return
	}
	<-p.slots
	one.group.settle(nil)
}

// stop settles all that is left, with ErrStopped.
func (p *publisher) stop() {
	close(p.stopped)
	for _, one := range append(p.unconfirmed, p.refused...) {
		one.group.settle(ErrStopped)
	}
	for {
		select {
		case one := <-p.in:
			one.group.settle(ErrStopped)
		default:
			return
		}
	}
}
