package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/api/internal/store"
	"fxcore/services/contract"
)

// forgotten stores requests for trades that nobody has published.
func forgotten(t *testing.T, requests int) (store.Model, func() int) {
	t.Helper()
	pool, f := setUp(t)
	for i := range requests {
		id := event.NewID(testkit.Day, "request", fmt.Sprint(i))
		e, err := event.New(contract.TradeRequested, id, contract.API, id, map[string]string{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Model.Claim(t.Context(), store.Asked{Owner: "U0001", Key: fmt.Sprint(i), Subject: id, Event: e}); err != nil {
			t.Fatal(err)
		}
	}
	execute(t, pool, "update request set asked_at = now() - interval '1 hour'")
	return f.Model, func() int { return number(t, pool, "select count(*) from request where not published") }
}

// After a long time without the broker a sweep publishes all that waits, not a part every few seconds.
func TestASweepLeavesNothing(t *testing.T) {
	model, left := forgotten(t, 450)
	published := map[string]int{}
	sweeping := store.Sweeping{Model: model, Log: testkit.Log(t), Publish: func(_ context.Context, events ...event.Event) error {
		for _, e := range events {
			published[e.ID]++
		}
		return nil
	}}
	if err := sweeping.Sweep(t.Context()); err != nil || left() != 0 || len(published) != 450 {
		t.Errorf("%d are published, %d are left, %v", len(published), left(), err)
	}
}

// Two replicas that sweep at once publish different requests.
func TestReplicasSweepDifferentRequests(t *testing.T) {
	model, left := forgotten(t, 250)
	var mu sync.Mutex
	published := map[string]int{}
	both := make(chan struct{}, 9)
	publish := func(_ context.Context, events ...event.Event) error {
		mu.Lock()
		for _, e := range events {
			published[e.ID]++
		}
		mu.Unlock()
		both <- struct{}{}
		testkit.Eventually(t, "both replicas have read", time.Minute, func() error {
			if len(both) < 2 {
				return fmt.Errorf("%d have", len(both))
			}
			return nil
		})
		return nil
	}
	var replicas sync.WaitGroup
	for range 2 {
		replicas.Go(func() {
			if err := (store.Sweeping{Model: model, Log: testkit.Log(t), Publish: publish}).Sweep(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	replicas.Wait()
	for id, times := range published {
		if times != 1 {
			t.Fatalf("%s is published %d times", id, times)
		}
	}
	if len(published) != 250 || left() != 0 {
		t.Errorf("%d are published, %d are left", len(published), left())
	}
}
