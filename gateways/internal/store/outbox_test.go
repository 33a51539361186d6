package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/gateways/internal/store"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
)

// broker notes what is published.
type broker struct {
	mu   sync.Mutex
	says []string // ids and data
	down error
}

func (b *broker) publish(_ context.Context, events ...event.Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range events {
		b.says = append(b.says, e.ID[24:]+" "+string(e.Data))
	}
	return b.down
}

func (b *broker) said() (all []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append(all, b.says...)
}

func outbox(t *testing.T, pool *pgxpool.Pool, b *broker) store.Outbox {
	t.Helper()
	return store.Outbox{Pool: pool, Publish: b.publish, Log: testkit.Log(t)}
}

func flush(t *testing.T, o store.Outbox) {
	t.Helper()
	if err := o.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// notice returns a notice whose id ends with name, of twelve hexadecimal digits.
func notice(name, data string, wait time.Duration) *store.Notice {
	id := "0f0f0f0f-0f0f-8f0f-8f0f-" + name
	return &store.Notice{Event: event.Event{ID: id, Type: contract.MessageRefused, Origin: "alpha", Correlation: id, Data: []byte(data)}, Wait: wait}
}

const one, two, three = "00000000000a", "00000000000b", "00000000000c"

// What is stored with a message is published once that is done, in the order in which it came, and then no more.
func TestANoticeIsPublishedAfterItsCommit(t *testing.T) {
	pool := database(t)
	s, _ := open(t, pool)
	durable(t, s, send(t, s, "refused", &store.Cause{Notice: notice(two, `{}`, 0)}))
	durable(t, s, send(t, s, "refused", &store.Cause{Notice: notice(one, `{}`, 0)}))
	durable(t, s, send(t, s, "no notice", &store.Cause{}))
	b := &broker{}
	for range 2 {
		flush(t, outbox(t, pool, b))
	}
	if diff := cmp.Diff([]string{two + " {}", one + " {}"}, b.said()); diff != "" {
		t.Error(diff)
	}
}

// A message that is not stored has no notice either.
func TestALostHolderNotesNothing(t *testing.T) {
	pool := database(t)
	s, _ := open(t, pool)
	nextHolder(t, pool, 2)
	seq := send(t, s, "refused", &store.Cause{Notice: notice(one, `{}`, 0)})
	if err := s.Out.WaitCovered(t.Context(), seq); !errors.Is(err, store.ErrFenced) {
		t.Fatal(err)
	}
	b := &broker{}
	flush(t, outbox(t, pool, b))
	if b.said() != nil {
		t.Errorf("published: %v", b.said())
	}
}

// The gateway is killed after the commit: another instance publishes. It is killed after the broker has the event and before that is
// noted: another instance publishes the same event again.
func TestANoticeOutlivesItsInstance(t *testing.T) {
	pool := database(t)
	s, stop := open(t, pool)
	durable(t, s, send(t, s, "refused", &store.Cause{Notice: notice(one, `{}`, 0)}))
	stop()
	b := &broker{down: errors.New("the instance dies")}
	if err := outbox(t, pool, b).Flush(t.Context()); !errors.Is(err, b.down) {
		t.Fatal(err)
	}
	b.down = nil
	for range 2 {
		flush(t, outbox(t, pool, b))
	}
	if diff := cmp.Diff([]string{one + " {}", one + " {}"}, b.said()); diff != "" {
		t.Error(diff)
	}
}

// While one instance publishes, another one leaves the notice alone.
func TestTwoInstancesPublishOnce(t *testing.T) {
	pool := database(t)
	s, _ := open(t, pool)
	durable(t, s, send(t, s, "refused", &store.Cause{Notice: notice(one, `{}`, 0)}))
	b := &broker{}
	first := outbox(t, pool, b)
	first.Publish = func(ctx context.Context, events ...event.Event) error {
		flush(t, outbox(t, pool, b))
		return b.publish(ctx, events...)
	}
	flush(t, first)
	if diff := cmp.Diff([]string{one + " {}"}, b.said()); diff != "" {
		t.Error(diff)
	}
}

// A count grows until it is published: in one commit and in several ones.
func TestANoticeIsReplacedUntilItIsDue(t *testing.T) {
	pool := database(t)
	s, _ := open(t, pool)
	for _, count := range []string{`{"n":1}`, `{"n":2}`, `{"n":3}`} {
		send(t, s, "refused", &store.Cause{Notice: notice(one, count, time.Hour)})
		durable(t, s, send(t, s, "refused", &store.Cause{Notice: notice(one, count[:5]+"9}", time.Hour)}))
	}
	durable(t, s, send(t, s, "refused", &store.Cause{Notice: notice(two, `{}`, 0)}))
	b := &broker{}
	flush(t, outbox(t, pool, b))
	if _, err := pool.Exec(t.Context(), "update notice set due = due - interval '1 hour'"); err != nil {
		t.Fatal(err)
	}
	flush(t, outbox(t, pool, b))
	if diff := cmp.Diff([]string{two + " {}", one + ` {"n":9}`}, b.said()); diff != "" {
		t.Error(diff)
	}
}

// What cannot be read is dropped, and holds nothing up. There may be more than is published at once.
func TestManyNoticesAndOneThatCannotBeRead(t *testing.T) {
	pool := database(t)
	if _, err := pool.Exec(t.Context(), `insert into notice (id, due, event) values ('0f0f0f0f-0f0f-8f0f-8f0f-`+three+`', now(), 'no event')`); err != nil {
		t.Fatal(err)
	}
	s, _ := open(t, pool)
	const many = 120
	for i := range many {
		n := notice(one, `{}`, 0)
		n.Event.ID = event.NewID(testkit.Day, string(rune('a'+i)))
		durable(t, s, send(t, s, "refused", &store.Cause{Notice: n}))
	}
	b := &broker{}
	flush(t, outbox(t, pool, b))
	var left int
	if err := pool.QueryRow(t.Context(), "select count(*) from notice").Scan(&left); err != nil || left > 0 || len(b.said()) != many {
		t.Errorf("%d published, %d left, error %v", len(b.said()), left, err)
	}
}

// Run publishes what comes while it runs, and goes on after a failure.
func TestTheOutboxRuns(t *testing.T) {
	pool := database(t)
	s, _ := open(t, pool)
	b := &broker{down: errors.New("no broker")}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- outbox(t, pool, b).Run(ctx) }()
	durable(t, s, send(t, s, "refused", &store.Cause{Notice: notice(one, `{}`, 0)}))
	published := func(times int) func() error {
		return func() error {
			if got := len(b.said()); got < times {
				return errors.New("not yet")
			}
			return nil
		}
	}
	testkit.Eventually(t, "a first attempt", time.Minute, published(1))
	b.mu.Lock()
	b.down = nil
	b.mu.Unlock()
	testkit.Eventually(t, "a second one", time.Minute, published(2))
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
