package stores

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"

	amqp "github.com/rabbitmq/amqp091-go"

	fxamqp "fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/scripts/testbench/oracle"
)

// graves returns the error queue and the queue of unroutable events. Only messages in the error queue say why they are
// there.
func graves() []string { return []string{fxamqp.ErrorQueue, fxamqp.UnroutableQueue} }

const mostStuck = 100 // messages that are looked at in one grave

// broker reads the depth of each queue, and looks at what lies in the error queues without taking it out.
func (p Places) broker(ctx context.Context, e *oracle.Evidence) error {
	var dialer net.Dialer
	conn, err := amqp.DialConfig(p.AMQP, amqp.Config{Dial: func(network, addr string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, addr)
	}})
	if err != nil {
		return fmt.Errorf("connect to RabbitMQ: %w", err)
	}
	defer func() { _ = conn.Close() }() // what is looked at and not acknowledged goes back
	e.Queues, e.Stuck = nil, nil
	for _, name := range slices.Concat(p.Queues, graves()) {
		q, exists, err := depth(conn, name)
		if err != nil {
			return err
		}
		if exists {
			e.Queues = append(e.Queues, q)
		}
	}
	for _, name := range graves() {
		stuck, err := look(conn, name)
		if err != nil {
			return err
		}
		e.Stuck = append(e.Stuck, stuck...)
	}
	return nil
}

// depth asks by a passive declaration, after which the broker closes the channel if there is no such queue.
func depth(conn *amqp.Connection, name string) (oracle.Queue, bool, error) {
	ch, err := conn.Channel()
	if err != nil {
		return oracle.Queue{}, false, fmt.Errorf("open channel: %w", err)
	}
	defer func() { _ = ch.Close() }()
	q, err := ch.QueueDeclarePassive(name, true, false, false, false, nil)
	var answer *amqp.Error
	if errors.As(err, &answer) && answer.Code == amqp.NotFound {
		return oracle.Queue{}, false, nil
	}
	if err != nil {
		return oracle.Queue{}, false, fmt.Errorf("look at queue %s: %w", name, err)
	}
	return oracle.Queue{Name: name, Messages: q.Messages}, true, nil
}

func look(conn *amqp.Connection, queue string) ([]oracle.Stuck, error) {
	ch, err := conn.Channel()
	if err != nil {
		return nil, fmt.Errorf("open channel: %w", err)
	}
	defer func() { _ = ch.Close() }()
	var all []oracle.Stuck
	for len(all) < mostStuck {
		d, there, err := ch.Get(queue, false)
		if err != nil {
			return nil, fmt.Errorf("look into %s: %w", queue, err)
		}
		if !there {
			return all, nil
		}
		all = append(all, stuck(queue, d)...)
	}
	return all, nil
}

// stuck is one entry for each event of the message. What the broker itself has buried, after too many deliveries, says so in
// headers of the broker's own.
func stuck(queue string, d amqp.Delivery) []oracle.Stuck {
	text := func(headers ...string) string {
		for _, h := range headers {
			if s, ok := d.Headers[h].(string); ok {
				return s
			}
		}
		return ""
	}
	s := oracle.Stuck{
		Queue: queue, From: text("fx-queue", "x-first-death-queue"), Reason: text("fx-reason", "x-first-death-reason"),
		Type: text("fx-routing-key"),
	}
	if s.Type == "" {
		s.Type = d.RoutingKey
	}
	events, err := event.Decode(d.ContentType, d.Body)
	if err != nil || len(events) == 0 {
		return []oracle.Stuck{s}
	}
	all := make([]oracle.Stuck, 0, len(events))
	for _, e := range events {
		s.Type, s.ID = e.Type.String(), e.ID
		all = append(all, s)
	}
	return all
}
