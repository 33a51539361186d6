package amqp_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/testkit"
)

// load is a cargo of numbered posts. It ends when ctx does.
type load struct {
	mu   sync.Mutex
	next int
	n    int
	body []byte
}

func (l *load) Next(ctx context.Context) (amqp.Post, bool) {
	l.mu.Lock()
	next, more := l.next, l.next < l.n
	l.mu.Unlock()
	if !more {
		<-ctx.Done()
		return amqp.Post{}, false
	}
	return amqp.Post{ID: fmt.Sprint(next), MediaType: "text/plain", Body: l.body}, true
}

func (l *load) Sent() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next++
}

func (l *load) sent() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.next
}

func (l *load) sentAll() error {
	if got := l.sent(); got < l.n {
		return fmt.Errorf("%d of %d", got, l.n)
	}
	return nil
}

func ship(t *testing.T, bus *amqp.Bus, cargo amqp.Cargo) {
	t.Helper()
	testkit.Background(t, func(ctx context.Context) error { bus.Ship(ctx, cargo); return nil })
}

// receipts are the ids that a receiver got.
type receipts struct {
	mu   sync.Mutex
	ids  []string
	deny int // so many calls fail
}

func (r *receipts) take(_ context.Context, posts []amqp.Post) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.deny > 0 {
		r.deny--
		return errors.New("away")
	}
	for _, p := range posts {
		r.ids = append(r.ids, p.ID)
	}
	return nil
}

// has returns nil once every post of a load was received.
func (r *receipts) has(n int) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range n {
		if !slices.Contains(r.ids, fmt.Sprint(i)) {
			return fmt.Errorf("no post %d of %d", i, n)
		}
	}
	return nil
}

func receive(t *testing.T, bus *amqp.Bus, r *receipts) {
	t.Helper()
	testkit.Background(t, func(ctx context.Context) error { return bus.Receive(ctx, amqp.LogQueue, r.take) })
}

// The posts wait until there is a receiver. A receiver that fails gets its posts again. In the end each has come once.
func TestPostsAreShippedInOrderAndReceived(t *testing.T) {
	bus := start(t, amqp.Config{URL: testkit.AMQP(t)})
	cargo, got := &load{n: 50, body: []byte("line")}, &receipts{deny: 3}
	ship(t, bus, cargo)
	testkit.Eventually(t, "all to be sent", 30*time.Second, cargo.sentAll)
	receive(t, bus, got)
	testkit.Eventually(t, "all to be received", 30*time.Second, func() error { return got.has(cargo.n) })
	if !slices.IsSortedFunc(got.ids, func(a, b string) int { return len(a) - len(b) }) || len(got.ids) != cargo.n {
		t.Errorf("%v", got.ids)
	}
	drained(t, bus, amqp.LogQueue, amqp.ErrorQueue, amqp.UnroutableQueue)
}

// Posts that were on their way when the connection was cut are shipped again.
func TestPostsOutliveACutConnection(t *testing.T) {
	proxy, url := testkit.Through(t, testkit.AMQP(t))
	bus := start(t, amqp.Config{URL: url})
	cargo, got := &load{n: 400, body: []byte("line")}, &receipts{}
	receive(t, bus, got)
	ship(t, bus, cargo)
	for cut := 1; cut <= 3; cut++ {
		testkit.Eventually(t, "some to be sent", 30*time.Second, func() error {
			if n := cargo.sent(); n < cut*80 {
				return fmt.Errorf("%d", n)
			}
			return nil
		})
		proxy.Cut()
		proxy.Heal()
	}
	testkit.Eventually(t, "all to be received", time.Minute, func() error { return got.has(cargo.n) })
}

// A full queue refuses posts. Events are published all the same, and the posts go on when there is room.
func TestAFullQueueHoldsPostsBackAndNothingElse(t *testing.T) {
	url := testkit.AMQP(t)
	testkit.BoundQueue(t, testkit.VHost(t, url), amqp.LogQueue, 64<<10)
	bus := start(t, amqp.Config{URL: url})
	cargo, got := &load{n: 40, body: make([]byte, 8<<10)}, &receipts{}
	ship(t, bus, cargo)
	testkit.Eventually(t, "the queue to be full", 30*time.Second, func() error {
		messages, _, err := bus.Depth(t.Context(), amqp.LogQueue)
		if err == nil && messages < 8 {
			err = fmt.Errorf("%d messages", messages)
		}
		return err
	})
	publish(t, bus, ask(t, 1000)...)
	if cargo.sent() == cargo.n {
		t.Error("nothing was refused")
	}
	receive(t, bus, got)
	testkit.Eventually(t, "all to be received", time.Minute, func() error { return got.has(cargo.n) })
}
