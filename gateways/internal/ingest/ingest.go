// Package ingest publishes a provider's requests to the broker. The provider's session does not wait for the broker.
package ingest

import (
	"context"
	"sync"
	"time"

	"fxcore/lambda/event"
)

// Request is one message from a provider that the broker has not confirmed yet.
type Request struct {
	Seq        int  // its MsgSeqNum(34)
	Generation int  // of the session's numbers, to which Seq belongs
	PossDup    bool // it may have come before: PossDupFlag(43)
	Event      event.Event

	// Told says that the provider was told that the request is pending. The queue does not use it; the receiver of
	// confirmed requests does.
	Told bool

	confirmed bool
}

// Publisher is the bus. PublishAsync may wait until ctx ends. It calls done once, which must be quick: nil says that the
// broker has the events, an error that the bus has stopped or ctx has ended.
type Publisher interface {
	PublishAsync(ctx context.Context, events []event.Event, done func(error))
}

// maxBatch is the largest number of requests that are published at once.
const maxBatch = 256

// Queue keeps one provider's requests from their arrival to the broker's confirm. It hands them on in the order of their
// arrival, even if the broker confirms them in another order.
type Queue struct {
	publisher Publisher
	limit     int
	underWay  chan struct{} // a token per batch that is published and not yet confirmed
	confirmed func([]*Request)

	mu      sync.Mutex
	open    []*Request          // unconfirmed, in order
	handed  int                 // how many of open were given to the publisher
	byStory map[string]*Request // the oldest open request of each trade or line check
	wake    chan struct{}
}

// New returns a queue for at most limit requests. At most underWay batches are at the broker unconfirmed. Requests that arrive
// meanwhile form the next batch, so a single request never waits and batches grow with the load. The queue calls confirmed
// with the requests that the broker has, while it holds its lock: confirmed must not block or call the queue.
func New(publisher Publisher, limit, underWay int, confirmed func([]*Request)) *Queue {
	return &Queue{
		publisher: publisher, limit: limit, underWay: make(chan struct{}, underWay), confirmed: confirmed,
		byStory: map[string]*Request{}, wake: make(chan struct{}, 1),
	}
}

// Submit queues a request. It does not wait. It returns false if the queue is full.
func (q *Queue) Submit(r *Request) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.open) >= q.limit {
		return false
	}
	q.open = append(q.open, r)
	if _, taken := q.byStory[r.Event.Correlation]; !taken {
		q.byStory[r.Event.Correlation] = r
	}
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return true
}

// Find returns the oldest unconfirmed request of a trade or line check, or nil. A request that Find no longer returns was
// already passed to confirmed.
func (q *Queue) Find(correlation string) *Request {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.byStory[correlation]
}

// Depth returns the number of unconfirmed requests.
func (q *Queue) Depth() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.open)
}

// Drain waits until the broker has confirmed all requests, or ctx ends.
func (q *Queue) Drain(ctx context.Context) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for q.Depth() > 0 {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Run publishes until ctx ends. Requests that are unconfirmed then are not stored as received, so the provider sends them
// again.
func (q *Queue) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-q.wake:
		}
		for q.some() && q.slot(ctx) {
			q.publish(ctx, q.take())
		}
	}
}

// slot waits until one more batch may be under way. It returns false if ctx ends first.
func (q *Queue) slot(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case q.underWay <- struct{}{}:
		return true
	}
}

// some reports whether a request waits to be published.
func (q *Queue) some() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.handed < len(q.open)
}

func (q *Queue) take() []*Request {
	q.mu.Lock()
	defer q.mu.Unlock()
	fresh := q.open[q.handed:]
	batch := append([]*Request(nil), fresh[:min(len(fresh), maxBatch)]...)
	q.handed += len(batch)
	return batch
}

// publish gives a batch to the publisher. It waits while the publisher's window is full, or until ctx ends.
func (q *Queue) publish(ctx context.Context, batch []*Request) {
	events := make([]event.Event, len(batch))
	for i, r := range batch {
		events[i] = r.Event
	}
	q.publisher.PublishAsync(ctx, events, func(err error) {
		if err == nil {
			q.confirm(batch)
			<-q.underWay
		}
	})
}

// confirm marks a batch as confirmed, and hands on the oldest requests up to the first unconfirmed one. It does both under
// the lock: at any time either Find returns a request or it was handed on.
func (q *Queue) confirm(batch []*Request) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, r := range batch {
		r.confirmed = true
	}
	n := 0
	for n < len(q.open) && q.open[n].confirmed {
		q.forget(q.open[n])
		n++
	}
	if n == 0 {
		return
	}
	done := append([]*Request(nil), q.open[:n]...)
	q.open = append(q.open[:0], q.open[n:]...)
	q.handed -= n
	q.confirmed(done)
}

func (q *Queue) forget(r *Request) {
	if q.byStory[r.Event.Correlation] == r {
		delete(q.byStory, r.Event.Correlation)
	}
}
