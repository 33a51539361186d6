package amqp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/event"
	"fxcore/lambda/follow"
	"fxcore/lambda/signing"
)

// Bus is a service's session with the broker. Publishing and consuming have connections of their own, so that a broker
// that takes no messages still hands them out.
type Bus struct {
	cfg       Config
	source    string
	log       *slog.Logger
	consuming *link
	producing *link
	publisher *publisher

	publishers Publishers
	speaks     Publishers // in whose names; nil: in its own
	signers    *follow.File[Signers]
	key        *follow.File[signing.Key] // the zero key: it signs nothing
	proofs     proofs

	subscribeBound time.Duration // how long the broker may take to let a consumer begin

	mu       sync.Mutex
	topology Topology // grows by Declare
	refused  func(queue, key, publisher string, err error)
}

// OnRefused calls tell for each message that is not authentic: the queue in which it came, its routing key, the broker's user who
// published it, and why. tell must not wait. Call OnRefused before Run.
func (b *Bus) OnRefused(tell func(queue, key, publisher string, err error)) { b.refused = tell }

// tellRefused tells of a message that cannot be read because it is not authentic.
func (b *Bus) tellRefused(queue string, d amqp091.Delivery, err error) {
	if b.refused != nil && errors.Is(err, ErrNotAuthentic) {
		b.refused(queue, d.RoutingKey, d.UserId, err)
	}
}

// Open makes a bus for the topology; source names the replica at the broker and in error messages. Nothing is dialled
// before Run.
func Open(cfg Config, t Topology, source string, log *slog.Logger) *Bus {
	cfg = cfg.withDefaults()
	b := &Bus{cfg: cfg, topology: t, source: source, log: log, subscribeBound: subscribeBound, proofs: newProofs(cfg)}
	b.trust(cfg)
	declareAll := func(conn *amqp091.Connection) error { return declare(conn, b.declared().Declaration()) }
	if cfg.NoDeclare {
		declareAll = nil
	}
	b.consuming = newLink(source+" consuming", cfg, declareAll, log)
	b.producing = newLink(source+" publishing", cfg, declareAll, log)
	b.publisher = newPublisher(b.producing, cfg.Window, log)
	return b
}

// trust reads whom the bus believes. Validate has found the texts sound; with an unsound one the bus believes nobody.
func (b *Bus) trust(cfg Config) {
	var err error
	if cfg.Publishers != "" {
		if b.publishers, err = ParsePublishers(cfg.Publishers); err != nil {
			b.publishers = Publishers{}
		}
	}
	if cfg.Impersonates != "" {
		b.speaks, _ = ParsePublishers(cfg.Impersonates)
	}
	b.signers = cfg.FollowSigners()
	key, _ := parseKey(cfg.SigningKey)
	b.key = follow.Setting(key, cfg.SigningKeyFile, parseKey)
}

// pack makes messages of events, in this program's name.
func (b *Bus) pack(events []event.Event) ([]*parcel, error) {
	t := b.declared()
	events, err := b.proved(t, events)
	if err != nil {
		return nil, err
	}
	parcels, err := t.pack(events)
	if err != nil {
		return nil, err
	}
	key := b.key.Now()
	for _, p := range parcels {
		p.msg.UserId = b.speaker(p)
		if key.IsZero() && p.signed && b.publishers != nil {
			return nil, fmt.Errorf("publish %s: %s has no key to sign it (AMQP_SIGNING_KEY)", p.key, t.Service)
		}
		if !key.IsZero() && (p.signed || b.speaks != nil) {
			sign(key, p)
		}
	}
	return parcels, nil
}

// speaker is the user in whose name a message is published. Who impersonates all programs is the program that has the origin's name, or
// else the last one that publishes the type.
func (b *Bus) speaker(p *parcel) string {
	name, origin := cutLast(p.key)
	users := b.speaks[name]
	switch {
	case len(users) == 0:
		return b.user()
	case slices.Contains(users, origin):
		return origin
	}
	return users[len(users)-1]
}

// user is the broker's user of this program, which has the program's name. The broker refuses a message in another name.
func (b *Bus) user() string { return b.proofs.user }

// declared is the topology as it is now.
func (b *Bus) declared() Topology {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.topology
}

// Declare adds queues to the topology while the bus runs. It declares them now, and each later connection declares them
// again. A queue that the topology has already stays as it was. Where the broker's definitions hold the topology, they must
// hold these queues too, and Declare sends nothing.
// Errors: the broker's, and ctx's if the broker is away until ctx ends; the next connection then declares the queues.
func (b *Bus) Declare(ctx context.Context, queues ...Queue) error {
	added := b.add(queues)
	if b.cfg.NoDeclare || len(added.Queues) == 0 {
		return nil
	}
	conn, err := b.consuming.wait(ctx)
	if err != nil {
		return fmt.Errorf("declare %d queues: %w", len(added.Queues), err)
	}
	return do(ctx, func() error { return declare(conn, added.Declaration()) })
}

// add adds queues to the topology and returns those that are new.
func (b *Bus) add(queues []Queue) (added Topology) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, q := range queues {
		if _, declared := b.topology.queue(q.Name); !declared {
			added.Queues = append(added.Queues, q)
			b.topology.Queues = append(slices.Clip(b.topology.Queues), q)
		}
	}
	return added
}

// Run opens the connections and keeps them up until ctx ends. It returns nil.
func (b *Bus) Run(ctx context.Context) error {
	var loops sync.WaitGroup
	loops.Go(func() { b.consuming.run(ctx) })
	loops.Go(func() { b.publisher.run(ctx) })
	b.producing.run(ctx)
	loops.Wait()
	return nil
}

// Publish returns nil once the broker has confirmed all events. It waits through any outage until ctx ends. After an error
// the broker may have some of the events. Publishing them again is harmless: consumers recognise an event by its id.
// Errors: ctx's, ErrStopped, and an undeclared type.
func (b *Bus) Publish(ctx context.Context, events ...event.Event) error {
	confirmed := make(chan error, 1)
	b.PublishAsync(ctx, events, func(err error) { confirmed <- err })
	select {
	case <-ctx.Done():
		return fmt.Errorf("publish: %w", ctx.Err())
	case err := <-confirmed:
		return err
	}
}

// PublishAsync publishes and calls done once: with nil when the broker has confirmed all events, otherwise with one of the
// errors of Publish. It blocks while the window has no room for all events; when ctx ends meanwhile, it gives up. After it
// has returned, ctx no longer matters. done runs on the caller's or on the publisher's goroutine: it must be quick and must
// not publish.
func (b *Bus) PublishAsync(ctx context.Context, events []event.Event, done func(error)) {
	parcels, err := b.pack(b.sourced(events))
	if err != nil || len(parcels) == 0 {
		done(err)
		return
	}
	b.publisher.send(ctx, parcels, done)
}

// sourced returns the events with this program as their source, where they name none.
func (b *Bus) sourced(events []event.Event) []event.Event {
	copied := false
	for i, e := range events {
		if e.Source != "" {
			continue
		}
		if !copied { // the caller may send its events again
			events, copied = slices.Clone(events), true
		}
		events[i].Source = b.source
	}
	return events
}

// Ready is nil while both connections are up and the broker takes messages; otherwise it says why not.
func (b *Bus) Ready() error {
	return errors.Join(wrap("consuming", b.consuming.ready()), wrap("publishing", b.producing.ready()))
}

// Depth asks the broker how many messages wait in a queue and how many consumers it has. It waits for a connection until
// ctx ends. Of a stream the numbers are of little use: the first one lags behind, the second one is 0.
func (b *Bus) Depth(ctx context.Context, queue string) (messages, consumers int, err error) {
	conn, err := b.consuming.wait(ctx)
	if err != nil {
		return 0, 0, err
	}
	q, err := ask(ctx, func() (amqp091.Queue, error) { return look(conn, queue) }, nil)
	return q.Messages, q.Consumers, err
}

// look is Depth on one connection.
func look(conn *amqp091.Connection, queue string) (q amqp091.Queue, err error) {
	ch, err := conn.Channel()
	if err != nil {
		return q, fmt.Errorf("open channel: %w", err)
	}
	defer func() { _ = ch.Close() }()
	if q, err = ch.QueueDeclarePassive(queue, true, false, false, false, nil); err != nil {
		return q, fmt.Errorf("look at queue %s: %w", queue, err)
	}
	return q, nil
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
