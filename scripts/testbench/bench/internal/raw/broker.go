package raw

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	amqp "github.com/rabbitmq/amqp091-go"
)

// prefix distinguishes our exchange, queues and tables from the core's. They are in the same vhost and database, so
// both use the same servers, logs and disk.
const prefix = "bench_raw"

// maxEvents bounds the events in one AMQP message. The core has the same bound.
const maxEvents = 50

func key(s step, origin byte) string { return names[s] + "." + strconv.Itoa(int(origin)) }

// queueNames returns the names of a service's queue at the broker: one name, or one for each origin.
func (q queue) queueNames(origins int) []string {
	if !q.exact {
		return []string{prefix + "." + q.name}
	}
	all := make([]string, origins)
	for i := range all {
		all[i] = fmt.Sprintf("%s.%s.%d", prefix, q.name, i)
	}
	return all
}

// declare makes the exchange and empty queues.
func declare(ch *amqp.Channel, origins int) error {
	if err := ch.ExchangeDeclare(prefix, amqp.ExchangeTopic, true, false, false, false, nil); err != nil {
		return fmt.Errorf("declare exchange: %w", err)
	}
	for _, s := range services() {
		for _, q := range s.queues {
			for i, name := range q.queueNames(origins) {
				if err := q.declare(ch, name, i); err != nil {
					return fmt.Errorf("declare %s: %w", name, err)
				}
			}
		}
	}
	return nil
}

func (q queue) declare(ch *amqp.Channel, name string, origin int) error {
	arguments := amqp.Table{"x-queue-type": "quorum", "x-delivery-limit": int32(10)}
	if _, err := ch.QueueDeclare(name, true, false, false, false, arguments); err != nil {
		return err
	}
	if _, err := ch.QueuePurge(name, false); err != nil { // a killed run may have left messages
		return err
	}
	for _, s := range q.keys {
		pattern := names[s] + ".*"
		if q.exact {
			pattern = key(s, byte(origin)) //nolint:gosec // at most eight
		}
		if err := ch.QueueBind(name, pattern, prefix, false, nil); err != nil {
			return err
		}
	}
	return nil
}

// remove deletes everything that declare made.
func remove(conn *amqp.Connection, origins int) error {
	ch, err := conn.Channel()
	if err != nil {
		return fmt.Errorf("remove the raw chain's queues: %w", err)
	}
	defer func() { _ = ch.Close() }()
	var faults []error
	for _, s := range services() {
		for _, q := range s.queues {
			for _, name := range q.queueNames(origins) {
				_, err := ch.QueueDelete(name, false, false, false)
				faults = append(faults, err)
			}
		}
	}
	faults = append(faults, ch.ExchangeDelete(prefix, false, false))
	return errors.Join(faults...)
}

// publisher publishes records and collects the confirms. It puts records with the same routing key into one message.
type publisher struct{ ch *amqp.Channel }

func newPublisher(conn *amqp.Connection) (publisher, error) {
	ch, err := conn.Channel()
	if err != nil {
		return publisher{}, fmt.Errorf("open publishing channel: %w", err)
	}
	if err := ch.Confirm(false); err != nil {
		return publisher{}, fmt.Errorf("switch confirms on: %w", err)
	}
	return publisher{ch}, nil
}

// publish returns the confirms to wait for.
func (p publisher) publish(ctx context.Context, records []record) ([]*amqp.DeferredConfirmation, error) {
	var confirms []*amqp.DeferredConfirmation
	for _, body := range pack(records) {
		first := record(body)
		c, err := p.ch.PublishWithDeferredConfirmWithContext(ctx, prefix, key(first.step(), first.origin()), false, false,
			amqp.Publishing{DeliveryMode: amqp.Persistent, ContentType: "application/octet-stream", Body: body})
		if err != nil {
			return nil, fmt.Errorf("publish: %w", err)
		}
		confirms = append(confirms, c)
	}
	return confirms, nil
}

// pack joins the records of each routing key, in order, up to maxEvents in one message.
func pack(records []record) [][]byte {
	type address struct {
		s      step
		origin byte
	}
	open := map[address]int{}
	var bodies [][]byte
	for _, r := range records {
		a := address{r.step(), r.origin()}
		i, found := open[a]
		if !found || len(bodies[i]) >= maxEvents*eventBytes {
			i = len(bodies)
			open[a] = i
			bodies = append(bodies, nil)
		}
		bodies[i] = append(bodies[i], r...)
	}
	return bodies
}

var errRefused = errors.New("the broker did not confirm")

func await(ctx context.Context, confirms []*amqp.DeferredConfirmation) error {
	for _, c := range confirms {
		ok, err := c.WaitContext(ctx)
		if err != nil {
			return fmt.Errorf("wait for confirm: %w", err)
		}
		if !ok {
			return errRefused
		}
	}
	return nil
}
