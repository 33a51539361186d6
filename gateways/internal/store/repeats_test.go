package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/gateways/internal/store"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
)

func story(name string) string { return event.NewID(testkit.Day, "story", name) }

func repeat(of, name string) event.Event {
	return event.Event{
		ID: event.NewID(testkit.Day, "repeat", name), Type: event.Type{Name: "trade.repeated", Version: 1}, Origin: "alpha",
		Correlation: story(of), Time: time.Now(), Data: []byte(`{"n":"` + name + `"}`),
	}
}

// waiting returns the data of the repeats of a story, in their order.
func waiting(t *testing.T, s *store.Session, of string) (found []string) {
	t.Helper()
	events, err := s.Repeats.Of(t.Context(), story(of))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		found = append(found, string(e.Data))
	}
	return found
}

// A repeat waits until its answer is durable, also over a change of the holder, in the order of arrival and once.
func TestARepeatWaitsUntilItsAnswerIsDurable(t *testing.T) {
	pool := database(t)
	first, stop := open(t, pool)
	for _, e := range []event.Event{repeat("a", "2"), repeat("a", "1"), repeat("b", "3"), repeat("a", "2")} {
		if err := first.Repeats.Keep(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	next := store.New(pool, name, split, testkit.Log(t))
	if err := next.Open(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	run(t, next)
	if diff := cmp.Diff([]string{`{"n":"2"}`, `{"n":"1"}`}, waiting(t, next, "a")); diff != "" {
		t.Error(diff)
	}
	durable(t, next, send(t, next, "again", &store.Cause{Event: repeat("a", "2").ID, Repeat: true}))
	if diff := cmp.Diff([]string{`{"n":"1"}`}, waiting(t, next, "a")); diff != "" {
		t.Error(diff)
	}
	if err := next.Repeats.Drop(t.Context(), story("a")); err != nil {
		t.Error(err)
	}
	open, err := next.Repeats.Open(t.Context())
	if diff := cmp.Diff([]string{story("b")}, open); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// Whoever has lost the session stores no repeat, and learns of the loss.
func TestWhoHasLostTheSessionKeepsNoRepeat(t *testing.T) {
	pool := database(t)
	lost := store.New(pool, name, split, testkit.Log(t))
	next := store.New(pool, name, split, testkit.Log(t))
	if err := errors.Join(lost.Open(t.Context(), 1), next.Open(t.Context(), 2)); err != nil {
		t.Fatal(err)
	}
	if err := lost.Repeats.Keep(t.Context(), repeat("a", "1")); !errors.Is(err, store.ErrFenced) {
		t.Errorf("kept: %v", err)
	}
	if err := lost.Run(t.Context()); !errors.Is(err, store.ErrFenced) {
		t.Errorf("the writer ended with %v", err)
	}
	if got := waiting(t, next, "a"); len(got) > 0 {
		t.Errorf("%q wait", got)
	}
}

// The next holder is Open only when a repeat that the last one is storing is stored or refused: it misses none.
func TestTheNextHolderMissesNoRepeat(t *testing.T) {
	pool := database(t)
	for round := range 20 {
		epoch := int64(2 * round)
		last := store.New(pool, name, split, testkit.Log(t))
		next := store.New(pool, name, split, testkit.Log(t))
		if err := last.Open(t.Context(), epoch+1); err != nil {
			t.Fatal(err)
		}
		kept := make(chan error, 1)
		go func() { kept <- last.Repeats.Keep(context.WithoutCancel(t.Context()), repeat("a", "1")) }()
		if err := next.Open(t.Context(), epoch+2); err != nil {
			t.Fatal(err)
		}
		found := waiting(t, next, "a")
		if err := <-kept; (err == nil) != (len(found) == 1) {
			t.Fatalf("kept: %v, found %q", err, found)
		}
		if err := next.Repeats.Drop(t.Context(), story("a")); err != nil {
			t.Fatal(err)
		}
	}
}

// A repeat whose request was never decided goes with the answers of its time.
func TestOldRepeatsArePurged(t *testing.T) {
	pool := database(t)
	s, _ := open(t, pool)
	if err := s.Repeats.Keep(t.Context(), repeat("a", "1")); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), "update repeat set at = at - interval '2 hours'"); err != nil {
		t.Fatal(err)
	}
	if err := s.Repeats.Keep(t.Context(), repeat("a", "2")); err != nil {
		t.Fatal(err)
	}
	keep := store.Retention{Messages: time.Hour, Answers: time.Hour, Inbox: time.Hour}
	if err := store.PurgeOnce(t.Context(), pool, keep); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{`{"n":"2"}`}, waiting(t, s, "a")); diff != "" {
		t.Error(diff)
	}
}
