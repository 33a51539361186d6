package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fxcore/gateways/internal/ingest"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
)

// broker confirms when and in what order the test wants.
type broker struct {
	mu      sync.Mutex
	events  []event.Event
	pending []func(error)
}

func (b *broker) PublishAsync(_ context.Context, events []event.Event, done func(error)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = append(b.events, events...)
	b.pending = append(b.pending, done)
}

func (b *broker) published() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.events)
}

func (b *broker) confirm(i int, err error) {
	b.mu.Lock()
	done := b.pending[i]
	b.pending = append(b.pending[:i:i], b.pending[i+1:]...)
	b.mu.Unlock()
	done(err)
}

func request(seq int) *ingest.Request {
	return &ingest.Request{Seq: seq, Event: event.Event{ID: fmt.Sprint(seq), Correlation: fmt.Sprint("story ", seq)}}
}

func start(t testing.TB, q *ingest.Queue) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = q.Run(ctx)
	}()
	t.Cleanup(func() { cancel(); <-done })
}

func await(t testing.TB, b *broker, n int) {
	testkit.Eventually(t, "publishing", 20*time.Second, func() error {
		if got := b.published(); got != n {
			return fmt.Errorf("%d of %d", got, n)
		}
		return nil
	})
}

// Whatever the order of the broker's confirms, requests are confirmed in the order of their arrival, each once.
func TestConfirmedInOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := &broker{}
		var got []int
		q := ingest.New(b, 100, 20, func(rs []*ingest.Request) {
			for _, r := range rs {
				got = append(got, r.Seq)
			}
		})
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { defer close(done); _ = q.Run(ctx) }()
		defer func() { cancel(); <-done }()
		n := rapid.IntRange(1, 20).Draw(rt, "requests")
		want := []int{}
		for i := range n {
			want = append(want, i)
			if !q.Submit(request(i)) {
				rt.Fatal("refused")
			}
			await(t, b, i+1)
		}
		for len(b.pending) > 0 {
			b.confirm(rapid.IntRange(0, len(b.pending)-1).Draw(rt, "confirm"), nil)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatal(diff)
		}
		if q.Depth() != 0 {
			rt.Fatalf("%d left", q.Depth())
		}
	})
}

func TestAFullQueueRefuses(t *testing.T) {
	b := &broker{}
	q := ingest.New(b, 2, 2, func([]*ingest.Request) {})
	if !q.Submit(request(1)) || !q.Submit(request(2)) || q.Submit(request(3)) {
		t.Error("the bound is not two")
	}
	start(t, q)
	await(t, b, 2)
	b.confirm(0, nil)
	if !q.Submit(request(3)) {
		t.Error("refused although there is room again")
	}
}

func TestWhatTheBusDidNotConfirmStaysOpen(t *testing.T) {
	b := &broker{}
	q := ingest.New(b, 2, 1, func([]*ingest.Request) { t.Error("confirmed") })
	start(t, q)
	first := request(1)
	q.Submit(first)
	await(t, b, 1)
	b.confirm(0, errors.New("bus stopped"))
	if q.Depth() != 1 || q.Find("story 1") != first {
		t.Error("the request is gone")
	}
}

func TestFindUntilHandedOn(t *testing.T) {
	b := &broker{}
	q := ingest.New(b, 10, 2, func([]*ingest.Request) {})
	first, again := request(1), request(1)
	start(t, q)
	q.Submit(first)
	await(t, b, 1)
	q.Submit(again)
	await(t, b, 2)
	if q.Find("story 1") != first || q.Find("story 2") != nil {
		t.Error("not the oldest")
	}
	b.confirm(0, nil)
	if q.Find("story 1") == first {
		t.Error("found although handed on")
	}
}

// While as many batches as allowed are under way, new requests gather and go out as one batch.
func TestWhatArrivesMeanwhileMakesOneBatch(t *testing.T) {
	b := &broker{}
	q := ingest.New(b, 100, 1, func([]*ingest.Request) {})
	start(t, q)
	q.Submit(request(1))
	await(t, b, 1)
	for seq := 2; seq <= 10; seq++ {
		q.Submit(request(seq))
	}
	if got := b.published(); got != 1 {
		t.Fatalf("%d published while one batch was under way", got)
	}
	b.confirm(0, nil)
	await(t, b, 10)
	if len(b.pending) != 1 {
		t.Errorf("nine requests went out in %d batches", len(b.pending))
	}
}
