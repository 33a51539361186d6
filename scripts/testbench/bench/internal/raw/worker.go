package raw

import (
	"context"
	"errors"
	"fmt"

	amqp "github.com/rabbitmq/amqp091-go"
)

const (
	prefetch  = 64  // messages, the same as the core's consumers
	maxBatch  = 256 // events of one transaction
	unsettled = 8   // batches that wait for the confirms of their outcomes
)

// worker consumes one queue for one replica.
type worker struct {
	service    service
	ch         *amqp.Channel
	deliveries <-chan amqp.Delivery
	out        publisher
	store      store
	finished   func(trade uint64)
	settling   chan settlement
}

type settlement struct {
	tag      uint64
	confirms []*amqp.DeferredConfirmation
}

// newWorker begins to consume. in is the connection for consuming, out the one for publishing.
func newWorker(s service, queue string, in, out *amqp.Connection, st store, finished func(uint64)) (*worker, error) {
	ch, err := in.Channel()
	if err != nil {
		return nil, fmt.Errorf("open consuming channel: %w", err)
	}
	if err := ch.Qos(prefetch, 0, false); err != nil {
		return nil, fmt.Errorf("set prefetch: %w", err)
	}
	deliveries, err := ch.Consume(queue, "", false, false, false, false, nil)
	if err != nil {
		return nil, fmt.Errorf("consume %s: %w", queue, err)
	}
	p, err := newPublisher(out)
	if err != nil {
		return nil, err
	}
	return &worker{
		service: s, ch: ch, deliveries: buffered(deliveries), out: p, store: st, finished: finished,
		settling: make(chan settlement, unsettled),
	}, nil
}

// buffered moves deliveries from the library's unbuffered channel into a buffered one, so that a worker can take all
// that have arrived.
func buffered(from <-chan amqp.Delivery) <-chan amqp.Delivery {
	to := make(chan amqp.Delivery, prefetch)
	go func() {
		defer close(to)
		for d := range from {
			to <- d
		}
	}()
	return to
}

// run handles batches until the connection ends. At the same time, settle waits for confirms and acknowledges.
func (w *worker) run(ctx context.Context) error {
	settled := make(chan error, 1)
	go func() { settled <- w.settle(ctx) }()
	err := w.handleAll(ctx)
	close(w.settling)
	return errors.Join(err, <-settled)
}

func (w *worker) handleAll(ctx context.Context) error {
	for {
		records, tag := w.take()
		if tag == 0 {
			return nil
		}
		if w.service.stores {
			if err := w.store.commit(ctx, records); err != nil {
				return err
			}
		}
		confirms, err := w.out.publish(ctx, w.outcomes(records))
		if err != nil {
			return err
		}
		w.settling <- settlement{tag, confirms}
	}
}

// take waits for a delivery and returns it with all that have arrived, at most maxBatch events. The tag is that of
// the last delivery, and 0 when the connection has ended.
func (w *worker) take() (records []record, tag uint64) {
	d, ok := <-w.deliveries
	for ok {
		records, tag = append(records, split(d.Body)...), d.DeliveryTag
		if len(records) >= maxBatch {
			return records, tag
		}
		select {
		case d, ok = <-w.deliveries:
		default:
			return records, tag
		}
	}
	return records, tag
}

func (w *worker) outcomes(records []record) []record {
	var out []record
	for _, r := range records {
		if w.service.final {
			w.finished(r.trade())
		}
		if next := w.service.leads[r.step()]; next != none {
			out = append(out, r.next(next))
		}
	}
	return out
}

// settle acknowledges the batches in order, each after its outcomes are confirmed.
func (w *worker) settle(ctx context.Context) error {
	var fault error
	for s := range w.settling { // to the end, so that the handler never blocks
		if fault == nil {
			fault = await(ctx, s.confirms)
		}
		if fault == nil {
			fault = w.ch.Ack(s.tag, true)
		}
	}
	return fault
}
