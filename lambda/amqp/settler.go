package amqp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/event"
	"fxcore/lambda/log"
)

// settler publishes what batches led to, and acknowledges each batch once all of that is confirmed, in the order of the
// batches.
//
// One acknowledgement covers as many deliveries as are done, and it waits a moment for more. A quorum queue writes each
// acknowledgement to its replicated log and flushes it to disk, like a message; and nobody waits for it. Deliveries that are
// not acknowledged when the connection ends come again.
type settler struct {
	bus   *Bus
	queue string
	ch    *amqp091.Channel
	slots chan struct{} // unsettled batches

	mu      sync.Mutex
	pending []*settlement // in the order of their deliveries
	extra   []*parcel     // unreadable messages, which the next settlement sends to the error queue
	tag     uint64        // of the last delivery that is done and not yet acknowledged; 0 if there is none
	done    int           // deliveries that are done and not yet acknowledged
}

type settlement struct {
	tag        uint64 // of the batch's last delivery
	deliveries int
	done       bool
}

// ackDelay is how long an acknowledgement waits for more, unless a quarter of the prefetch is done.
const ackDelay = 20 * time.Millisecond

func newSettler(b *Bus, queue string, ch *amqp091.Channel) *settler {
	return &settler{bus: b, queue: queue, ch: ch, slots: make(chan struct{}, b.cfg.Unsettled)}
}

// settle publishes the outcomes and returns; the acknowledgement follows the confirms. It blocks while too many batches
// are unsettled or the publisher's window is full. When ctx ends meanwhile, it gives up: the batch is not acknowledged, and
// the broker delivers it again.
// Errors: ctx's, and an undeclared type. The latter is a programming error: the broker delivers the message again until
// the delivery limit puts it into the error queue.
func (s *settler) settle(ctx context.Context, batch []amqp091.Delivery, from []int, events []event.Event, results []Result) error {
	parcels, err := s.outcomes(batch, from, events, results)
	if err != nil {
		return fmt.Errorf("outcome of %s cannot be published: %w", s.queue, err)
	}
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("settle %s: %w", s.queue, ctx.Err())
	}
	one := &settlement{tag: batch[len(batch)-1].DeliveryTag, deliveries: len(batch)}
	s.mu.Lock()
	s.pending = append(s.pending, one)
	s.mu.Unlock()
	if len(parcels) == 0 {
		s.finish(one)
		return nil
	}
	s.bus.publisher.send(ctx, parcels, func(err error) {
		if err == nil {
			s.finish(one)
		}
	})
	return nil
}

// outcomes turns results into parcels: what was emitted, what is tried again, and what goes to the error queue.
func (s *settler) outcomes(batch []amqp091.Delivery, from []int, events []event.Event, results []Result) ([]*parcel, error) {
	parcels := s.extra
	s.extra = nil
	var emitted []event.Event
	for i, r := range results {
		if r.Err == nil {
			emitted = append(emitted, r.Emit...)
			continue
		}
		parcels = append(parcels, s.failed(batch[from[i]], events[i], r.Err))
	}
	packed, err := s.bus.pack(emitted)
	return append(parcels, packed...), err
}

// failed addresses one event to the retry queue, or to the error queue if a retry cannot help or all tries are used up.
func (s *settler) failed(d amqp091.Delivery, e event.Event, err error) *parcel {
	attempt, waited := attemptOf(d)+1, waitedOf(d)
	if Waits(err) {
		attempt, waited = attempt-1, waited+1
		s.logWaiting(e, waited, err)
	}
	if Waits(err) || Retried(err) && attempt < s.bus.cfg.Attempts {
		msg := message([]event.Event{e})
		msg.UserId = s.bus.user()
		msg.Headers = amqp091.Table{
			headerAttempt: int32(attempt), headerWaited: int32(waited), headerPublisher: e.Publisher,
			headerProof: s.bus.proofs.of(s.queue, cmp.Or(e.Publisher, msg.UserId), msg.ContentType, msg.Body),
		}
		return &parcel{exchange: RestExchange, key: s.restOf(err, waited), msg: msg}
	}
	s.bus.log.Error("event goes to the error queue", log.About(e), "queue", s.queue, "attempts", attempt, "error", err)
	return s.poison(message([]event.Event{e}), e.Key(), attempt, err, e.Publisher)
}

// restOf names the queue in which an event rests that has failed with err, and has waited so often.
func (s *settler) restOf(err error, waited int) string {
	if q, _ := s.bus.declared().queue(s.queue); q.Waits && Waits(err) {
		return waitingRoom(s.queue, waited)
	}
	return s.queue + retrySuffix
}

// logWaiting tells that an event waits for what may last: at its first, second, fourth, eighth … return.
func (s *settler) logWaiting(e event.Event, waited int, err error) {
	if waited&(waited-1) == 0 {
		s.bus.log.Warn("event waits", log.About(e), "queue", s.queue, "times", waited, "error", err)
	}
}

// unreadable addresses a message that cannot be read to the error queue. It goes with the next settlement.
func (s *settler) unreadable(d amqp091.Delivery, err error) {
	s.bus.log.Error("message cannot be read, goes to the error queue", "queue", s.queue, "routing_key", d.RoutingKey, "error", err)
	s.bus.tellRefused(s.queue, d, err)
	msg := amqp091.Publishing{
		DeliveryMode: amqp091.Persistent, MessageId: d.MessageId, ContentType: d.ContentType, Body: d.Body,
	}
	publisher := publisherOf(d)
	if errors.Is(err, ErrNotAuthentic) {
		publisher = ""
	}
	s.extra = append(s.extra, s.poison(msg, d.RoutingKey, attemptOf(d)+1, err, publisher))
}

// exhausted addresses a message to the error queue whose deliveries have all ended without an answer. It is not decoded: whoever handled
// it may have died of it. The broker would do the same after the next delivery, and could not prove that the message was authentic.
func (s *settler) exhausted(d amqp091.Delivery, deliveries int) {
	err := unanswered(deliveries)
	s.bus.log.Error("message goes to the error queue", "queue", s.queue, "routing_key", d.RoutingKey, "error", err)
	msg := amqp091.Publishing{DeliveryMode: amqp091.Persistent, MessageId: d.MessageId, ContentType: d.ContentType, Body: d.Body}
	publisher := publisherOf(d)
	if _, refused := s.bus.guard(s.queue).admit(d); refused != nil {
		publisher = ""
	}
	s.extra = append(s.extra, s.poison(msg, d.RoutingKey, deliveries, err, publisher))
}

// poison returns a parcel that sends a message to the error exchange, under the message's own routing key. It replaces
// the headers by those that say where the message came from and why it failed. attempt is the number of tries so far. publisher is who
// published it; empty if it is not authentic, and so has no proof.
func (s *settler) poison(msg amqp091.Publishing, key string, attempt int, err error, publisher string) *parcel {
	msg.UserId = s.bus.user()
	msg.Headers = amqp091.Table{
		headerReason:  bounded(err.Error(), maxReasonBytes),
		headerQueue:   s.queue,
		headerKey:     key,
		headerSource:  s.bus.source,
		headerAttempt: int32(attempt),
		headerFailed:  time.Now().UTC().Format(time.RFC3339Nano),
	}
	if publisher != "" {
		msg.Headers[headerPublisher], msg.Headers[headerProof] = publisher, s.bus.proofs.of(s.queue, publisher, msg.ContentType, msg.Body)
	}
	return &parcel{exchange: ErrorQueue, key: key, msg: msg}
}

// finish marks a settlement as done. All settlements that are done, from the oldest up to the first that is not, are due to
// be acknowledged.
func (s *settler) finish(one *settlement) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one.done = true
	before := s.tag
	for len(s.pending) > 0 && s.pending[0].done {
		s.tag, s.done = s.pending[0].tag, s.done+s.pending[0].deliveries
		s.pending = s.pending[1:]
		<-s.slots
	}
	switch {
	case s.done >= s.bus.prefetch(s.queue)/4:
		s.acknowledge()
	case before == 0 && s.tag > 0:
		time.AfterFunc(ackDelay, s.flush)
	}
}

// flush acknowledges what is due.
func (s *settler) flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.acknowledge()
}

// acknowledge is flush; the caller holds mu.
func (s *settler) acknowledge() {
	if s.tag > 0 {
		_ = s.ch.Ack(s.tag, true) // on a dead channel it fails, as it must: the broker redelivers
	}
	s.tag, s.done = 0, 0
}

// wait waits for outstanding confirms until the session or the grace ends, and acknowledges what is confirmed by then.
func (s *settler) wait(session context.Context) {
	defer s.flush()
	ctx, cancel := context.WithTimeout(session, s.bus.cfg.StopGrace)
	defer cancel()
	for range cap(s.slots) {
		select {
		case s.slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
	}
}

const maxReasonBytes = 4 << 10

func bounded(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return fmt.Sprintf("%s… (%d bytes)", s[:n], len(s))
}
