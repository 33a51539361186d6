package amqp

import (
	"context"
	"fmt"
	"slices"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"
)

// Limits that the broker enforces.
const (
	deliveryLimit = 50                // deliveries of one message before it goes to the error queue, so that a crash loop ends
	lastDelivery  = deliveryLimit - 2 // deliveries after which the consumer itself gives a message up, before the broker does
	retryDelay    = time.Second       // how long an event rests in the retry queue
	logBytes      = 256 << 20         // log lines that wait for their reader, about 400,000; beyond that, programs keep and then drop them
)

// Exchange is one exchange. A topic exchange has an alternate exchange, which gets what no queue is bound for, so that nothing
// is lost in silence.
type Exchange struct {
	Name      string
	Kind      string
	Arguments amqp091.Table
}

// Declaration is everything that a topology needs at the broker, in the order in which it must be declared.
type Declaration struct {
	Exchanges []Exchange
	Queues    []QueueDeclaration
	Unread    []Binding // lead to the UnreadExchange
}

// QueueDeclaration is one quorum queue or stream with its arguments and bindings.
type QueueDeclaration struct {
	Name      string
	Stream    bool
	Arguments amqp091.Table
	Bindings  []Binding
}

// Declaration derives the broker's objects from the topology. Programs declare them, and the broker's definitions are made
// of them.
func (t Topology) Declaration() Declaration {
	d := Declaration{
		Exchanges: []Exchange{
			{Name: UnroutableQueue, Kind: "fanout"},
			{Name: ErrorQueue, Kind: "fanout"},
			{Name: LogQueue, Kind: "fanout"},
			topic(RestExchange), topic(ReplayExchange),
		},
		Queues: []QueueDeclaration{
			{Name: UnroutableQueue, Arguments: quorum(), Bindings: []Binding{{UnroutableQueue, ""}}},
			{Name: ErrorQueue, Arguments: quorum(), Bindings: []Binding{{ErrorQueue, ""}}},
			logQueue(),
		},
	}
	for _, name := range t.exchanges() {
		d.Exchanges = append(d.Exchanges, topic(name))
	}
	for _, q := range t.Queues {
		d.Queues = append(d.Queues, queuesOf(q)...)
	}
	if d.Unread = t.unread(); len(d.Unread) > 0 {
		d.Exchanges = append(d.Exchanges, Exchange{Name: UnreadExchange, Kind: "fanout"})
	}
	return d
}

func topic(name string) Exchange {
	return Exchange{Name: name, Kind: "topic", Arguments: amqp091.Table{"alternate-exchange": UnroutableQueue}}
}

// unread routes the types that need no readers to an exchange that has no queues. The broker counts them as routed, so the
// alternate exchange does not get them.
func (t Topology) unread() (bindings []Binding) {
	for _, p := range t.Publishes {
		if p.Unread || p.Expiry > 0 {
			bindings = append(bindings, Binding{p.Exchange, p.Type.Name + ".#"})
		}
	}
	return bindings
}

// queuesOf is what a queue needs at the broker.
func queuesOf(q Queue) []QueueDeclaration {
	if q.IsStream() {
		return []QueueDeclaration{stream(q)}
	}
	all := []QueueDeclaration{workQueue(q), restQueue(q.Name, q.Name+retrySuffix, retryDelay)}
	if q.Waits {
		for _, pause := range pauses {
			all = append(all, restQueue(q.Name, waitQueue(q.Name, pause), pause))
		}
	}
	return all
}

// RestQueues names the queues in which a queue's events rest. A stream has none.
func (q Queue) RestQueues() (names []string) {
	for _, d := range queuesOf(q) {
		if d.Name != q.Name {
			names = append(names, d.Name)
		}
	}
	return names
}

func quorum() amqp091.Table { return amqp091.Table{"x-queue-type": "quorum"} }

// workQueue is a queue whose dead letters arrive at least once. That needs all three: the strategy, the overflow and a dead
// letter exchange. A queue that keeps only the newest messages has none of them, since the messages that it drops are no
// errors.
func workQueue(q Queue) QueueDeclaration {
	args := quorum()
	args["x-delivery-limit"] = int64(deliveryLimit)
	if q.Newest > 0 {
		args["x-max-length"] = int64(q.Newest)
		args["x-overflow"] = "drop-head"
	} else {
		args["x-dead-letter-exchange"] = ErrorQueue
		args["x-dead-letter-strategy"] = "at-least-once"
		args["x-overflow"] = "reject-publish"
	}
	if q.SingleActive {
		args["x-single-active-consumer"] = true
	}
	bindings := append(slices.Clip(q.Bindings), Binding{ReplayExchange, q.Name})
	return QueueDeclaration{Name: q.Name, Arguments: args, Bindings: bindings}
}

// logQueue is a work queue of bounded size. It refuses what exceeds its bound, so that the programs know what they still have.
func logQueue() QueueDeclaration {
	d := workQueue(Queue{Name: LogQueue})
	d.Bindings = []Binding{{LogQueue, ""}}
	d.Arguments["x-max-length-bytes"] = int64(logBytes)
	return d
}

// stream passes on what a stream cannot have as well, so that the broker refuses it by name.
func stream(q Queue) QueueDeclaration {
	args := q.Stream.arguments()
	if q.Newest > 0 {
		args["x-max-length"] = int64(q.Newest)
	}
	if q.SingleActive {
		args["x-single-active-consumer"] = true
	}
	return QueueDeclaration{Name: q.Name, Stream: true, Arguments: args, Bindings: q.Bindings}
}

// restQueue holds an event for the delay and then hands it back to its queue by the default exchange, for which the broker needs nobody's
// rights. All of its events rest equally long:
// the broker looks only at the head of a queue, so an event with a shorter delay than the one before it would come too late.
func restQueue(owner, name string, delay time.Duration) QueueDeclaration {
	args := quorum()
	args["x-message-ttl"] = delay.Milliseconds()
	args["x-dead-letter-exchange"] = ""
	args["x-dead-letter-routing-key"] = owner
	args["x-dead-letter-strategy"] = "at-least-once"
	args["x-overflow"] = "reject-publish"
	return QueueDeclaration{Name: name, Arguments: args, Bindings: []Binding{{RestExchange, name}}}
}

// Declare declares what a topology needs, as a user that may: programs may not where the broker's definitions hold the topology.
func Declare(ctx context.Context, conn *amqp091.Connection, t Topology) error {
	return do(ctx, func() error { return declare(conn, t.Declaration()) })
}

// declare sends everything without waiting for each answer, and then waits until the broker has done it: with a few hundred
// queues that takes a third of the time. If the broker refuses something, it closes the channel with the reason.
func declare(conn *amqp091.Connection, d Declaration) error {
	ch, err := conn.Channel()
	if err != nil {
		return fmt.Errorf("open channel to declare: %w", err)
	}
	refused := ch.NotifyClose(make(chan *amqp091.Error, 1)) // also closed with the channel
	err = send(ch, d)
	_ = ch.Close()
	if err == nil {
		return nil
	}
	if reason, told := <-refused; told {
		err = reason
	}
	return fmt.Errorf("declare: %w", err)
}

const noWait = true

func send(ch *amqp091.Channel, d Declaration) error {
	for _, e := range d.Exchanges {
		if err := ch.ExchangeDeclare(e.Name, e.Kind, true, false, false, noWait, e.Arguments); err != nil {
			return err
		}
	}
	for _, q := range d.Queues {
		if _, err := ch.QueueDeclare(q.Name, true, false, false, noWait, q.Arguments); err != nil {
			return err
		}
		for _, b := range q.Bindings {
			if err := ch.QueueBind(q.Name, b.Key, b.Exchange, noWait, nil); err != nil {
				return err
			}
		}
	}
	for _, b := range d.Unread {
		if err := ch.ExchangeBind(UnreadExchange, b.Key, b.Exchange, noWait, nil); err != nil {
			return err
		}
	}
	return ch.Flow(true) // its answer comes after all of the above is done
}
