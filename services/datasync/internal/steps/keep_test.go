package steps

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
	"fxcore/services/datasync/internal/messages"
	"fxcore/services/datasync/internal/store"
)

func delivered(t *testing.T, data []byte) event.Event {
	t.Helper()
	e, err := event.New(contract.StaticDelivered, event.NewID(testkit.Day, string(data)), contract.Batch, "x", json.RawMessage(data))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func producersSample(t *testing.T) event.Event {
	t.Helper()
	return delivered(t, sample.Of(t, "gateways/mainframe/internal/messages", contract.StaticDelivered))
}

func TestProducersSampleIsKeptHoweverOftenAndLateItComes(t *testing.T) {
	rdb := testkit.Redis(t)
	s := store.New(rdb)
	k := NewKeeper(s, time.Now, testkit.Log(t))
	for range 2 {
		for _, r := range k.Handle(t.Context(), []event.Event{producersSample(t), producersSample(t)}) {
			if r.Err != nil || len(r.Emit) != 0 {
				t.Errorf("%+v", r)
			}
		}
	}
	newer := delivered(t, []byte(`{"set":"rates","version":1795521600000,"as_of":"2026-11-24T10:00:00Z","page":1,"pages":1,"records":{"EUR":{}}}`))
	k.Handle(t.Context(), []event.Event{newer, producersSample(t)})
	held, err := s.Held(t.Context())
	if err != nil || held["rates"].Version != 1795521600000 || held["rates"].Count != 1 {
		t.Errorf("%+v, %v", held, err)
	}
}

func TestWhatIsNoPageIsPoisonAndItsNeighboursAreKept(t *testing.T) {
	s := store.New(testkit.Redis(t))
	bad := []string{
		`{"set":"rates"}`,
		`{"set":"rates\"","version":1,"as_of":"2026-11-24T10:00:00Z","page":1,"pages":1}`,
		`{"set":"rates","version":1,"as_of":"2026-11-24T10:00:00Z","page":3,"pages":2}`,
		`{"set":"rates","version":1,"as_of":"2026-11-24T10:00:00Z","page":0,"pages":1}`,
		`{"set":"rates","version":-1,"as_of":"2026-11-24T10:00:00Z"}`,
		`{"set":"rates","version":1000000000000000,"as_of":"2026-11-24T10:00:00Z","page":1,"pages":1}`,
		`{"set":"rates","version":"new","as_of":"2026-11-24T10:00:00Z"}`,
	}
	batch := []event.Event{producersSample(t)}
	for _, data := range bad {
		batch = append(batch, delivered(t, []byte(data)))
	}
	for i, r := range NewKeeper(s, time.Now, testkit.Log(t)).Handle(t.Context(), batch) {
		if (r.Err != nil) != (i > 0) {
			t.Errorf("event %d: %v", i, r.Err)
		}
	}
	if held, err := s.Held(t.Context()); err != nil || held["rates"].Count != 2 {
		t.Errorf("%+v, %v", held, err)
	}
}

// away is a Redis that does not answer.
type away struct{}

func (away) Put(context.Context, messages.Delivered, time.Time) (store.Outcome, error) {
	return "", errors.New("connection refused")
}

func TestPageIsDroppedWhileRedisIsAway(t *testing.T) {
	for _, r := range NewKeeper(away{}, time.Now, testkit.Log(t)).Handle(t.Context(), []event.Event{producersSample(t)}) {
		if r.Err != nil {
			t.Errorf("%v: an outage is no fault of the page", r.Err)
		}
	}
}
