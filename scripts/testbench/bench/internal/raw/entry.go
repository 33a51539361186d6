package raw

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
	amqp "github.com/rabbitmq/amqp091-go"
)

// entry plays a gateway that receives the requests of one session. It publishes them, and commits the session's
// incoming number after the broker has confirmed.
type entry struct {
	session int
	number  int
	out     publisher
	pool    *pgxpool.Pool
}

func (c *Chain) openEntries() error {
	conn, err := c.dial()
	if err != nil {
		return err
	}
	for i := range c.settings.Origins {
		p, err := newPublisher(conn)
		if err != nil {
			return err
		}
		c.entries = append(c.entries, &entry{session: i, out: p, pool: c.pool})
	}
	return nil
}

type sent struct {
	number   int
	confirms []*amqp.DeferredConfirmation
}

// run sends a trade for each value in room until timed ends, and waits for the confirms.
func (e *entry) run(timed, ctx context.Context, b *book, room <-chan struct{}) error {
	confirming := make(chan sent, prefetch)
	committed := make(chan error, 1)
	go func() { committed <- e.follow(ctx, confirming) }()
	err := e.send(timed, ctx, b, room, confirming)
	close(confirming)
	if behind := <-committed; err == nil {
		err = behind
	}
	return err
}

func (e *entry) send(timed, ctx context.Context, b *book, room <-chan struct{}, confirming chan<- sent) error {
	for {
		select {
		case <-timed.Done():
			return nil
		case <-room:
		}
		records := []record{newRecord(byte(e.session), b.begin())} //nolint:gosec // at most eight sessions
		for more := true; more && len(records) < maxEvents; {
			select {
			case <-room:
				records = append(records, newRecord(byte(e.session), b.begin())) //nolint:gosec // as above
			default:
				more = false
			}
		}
		confirms, err := e.out.publish(ctx, records)
		if err != nil {
			return err
		}
		e.number += len(records)
		confirming <- sent{e.number, confirms}
	}
}

// follow commits the number of the last confirmed message. One commit may cover several messages (group commit).
func (e *entry) follow(ctx context.Context, confirming <-chan sent) error {
	var fault error
	for s := range confirming { // to the end, so that the sender never blocks
		if fault == nil {
			fault = await(ctx, s.confirms)
		}
		if fault == nil && len(confirming) == 0 {
			fault = advance(ctx, e.pool, e.session, s.number)
		}
	}
	return fault
}
