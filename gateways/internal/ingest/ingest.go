// Package ingest brings a provider's requests to the broker without making the provider's session wait for it.
package ingest

import (
	"context"
	"sync"
	"time"

	"fxcore/lambda/event"
)

// Request is one message of a provider on its way to the broker.
type Request struct {
	Seq        int  // its MsgSeqNum(34)
	Generation int  // of the session, to which Seq belongs
	PossDup    bool // it may have come before: PossDupFlag(43)
	Event      event.Event

	// Told says that the provider has been told that it is pending, ahead of the confirm. It belongs to whoever takes
	// confirmed requests.
	Told bool

	confirmed bool
}

// Publisher is the bus. done is called from its goroutine and must be quick.
type Publisher interface {
	PublishAsync(events []event.Event, done func(error))
}

// maxBatch bounds what is published at once.
const maxBatch = 256

// Queue holds one provider's requests from their arrival to the broker's confirm. They are confirmed in the order of
// their arrival, whatever the order of the broker's confirms.
type Queue struct {
	publisher Publisher
	limit     int
	underWay  chan struct{} // a token per batch that is published and not yet confirmed
	confirmed func([]*Request)

	mu      sync.Mutex
	open    []*Request          // unconfirmed, in order
	handed  int                 // how many of open the publisher has
	byStory map[string]*Request // the oldest open one of each trade or line check
	wake    chan struct{}
}

// New returns a queue for up to limit requests, of which underWay batches may be unconfirmed at the broker. What arrives
// while so many are under way makes the next batch: a lone request never waits, and the heavier the load, the larger the
// batches. confirmed is called with each run of requests that are safe with the broker; it must only take note.
func New(publisher Publisher, limit, underWay int, confirmed func([]*Request)) *Queue {
	return &Queue{
		publisher: publisher, limit: limit, underWay: make(chan struct{}, underWay), confirmed: confirmed,
		byStory: map[string]*Request{}, wake: make(chan struct{}, 1),
	}
}

// Submit queues a request and never waits. False means that the queue is full.
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

// Find returns the oldest request of a trade or line check that is not confirmed, nil if there is none. A request that
// is not found any more has been handed to confirmed.
func (q *Queue) Find(correlation string) *Request {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.byStory[correlation]
}

// Depth is the number of unconfirmed requests.
func (q *Queue) Depth() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.open)
}

// Drain waits until the broker has confirmed all, or ctx ends.
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

// Run publishes until ctx ends. What is then unconfirmed stays so: the provider will be asked to send it again.
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

// slot waits until one more batch may be under way. False means that ctx has ended.
func (q *Queue) slot(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case q.underWay <- struct{}{}:
		return true
	}
}

// some tells whether a request waits to be published.
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

// publish waits while the publisher's window is full, unless ctx ends.
func (q *Queue) publish(ctx context.Context, batch []*Request) {
	events := make([]event.Event, len(batch))
	for i, r := range batch {
		events[i] = r.Event
	}
	taken := make(chan struct{})
	go func() {
		defer close(taken)
		q.publisher.PublishAsync(events, func(err error) {
			if err == nil { // else the bus has stopped
				q.confirm(batch)
				<-q.underWay
			}
		})
	}()
	select {
	case <-taken:
	case <-ctx.Done():
	}
}

// confirm marks a batch and hands on what is now confirmed without a gap. It does so under the lock, so that a request
// is at any time either to be found or handed on.
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
