package steps

import (
	"context"
	"sync"
	"time"

	"fxcore/lambda/amqp"
)

// How many messages are stored together, and how long they wait for more. Nobody waits for the journal. The messages of most stories
// come within a second, and the more of them are stored together, the less they cost.
const (
	linger   = time.Second
	together = 8192
)

// gathering holds what was read from the stream until it is stored. It is between the goroutine that reads and the one that stores.
type gathering struct {
	mu      sync.Mutex
	entries []amqp.Entry
	events  int
	since   time.Time // when the first of the entries came
	storing time.Time // when the oldest message was published that is being stored; zero: none is
	came    chan struct{}
	taken   chan struct{}
}

func newGathering() *gathering {
	return &gathering{came: make(chan struct{}, 1), taken: make(chan struct{}, 1)}
}

// put adds entries. It waits while enough of them wait to be stored. Errors: ctx has ended, and the entries were not added.
func (g *gathering) put(ctx context.Context, entries []amqp.Entry) error {
	for !g.add(entries) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-g.taken:
		}
	}
	signal(g.came)
	return nil
}

// add adds entries if there is room.
func (g *gathering) add(entries []amqp.Entry) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.events >= together {
		return false
	}
	if len(g.entries) == 0 {
		g.since = time.Now()
	}
	g.entries = append(g.entries, entries...)
	for _, e := range entries {
		g.events += len(e.Events)
	}
	return true
}

// take waits for entries, until enough are there or the first has waited for the linger time. They are being stored until the next
// call. It returns nil when ctx ends.
func (g *gathering) take(ctx context.Context) []amqp.Entry {
	g.stored()
	for {
		wait, ready := g.state()
		if ready {
			return g.all()
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-g.came:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// state tells whether entries are to be stored now, or else how long to wait for more.
func (g *gathering) state() (wait time.Duration, ready bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.entries) == 0 {
		return time.Hour, false
	}
	wait = linger - time.Since(g.since)
	return wait, wait <= 0 || g.events >= together
}

func (g *gathering) all() []amqp.Entry {
	g.mu.Lock()
	defer g.mu.Unlock()
	entries := g.entries
	g.storing = oldest(entries)
	g.entries, g.events = nil, 0
	signal(g.taken)
	return entries
}

func (g *gathering) stored() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.storing = time.Time{}
}

// oldest returns when the oldest message in hand was published; zero if none is in hand.
func (g *gathering) oldest() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.storing.IsZero() {
		return g.storing
	}
	return oldest(g.entries)
}

// oldest returns when the first message was published that says so.
func oldest(entries []amqp.Entry) time.Time {
	for _, entry := range entries {
		for _, e := range entry.Events {
			if !e.Time.IsZero() {
				return e.Time
			}
		}
	}
	return time.Time{}
}

func signal(token chan struct{}) {
	select {
	case token <- struct{}{}:
	default:
	}
}
