package schedule

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/mirror"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/datasync/internal/messages"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// fakeStore is what Redis holds, and whose claims are taken.
type fakeStore struct {
	held  map[string]mirror.Meta
	taken map[string]bool
	err   error
}

func (s *fakeStore) Held(context.Context) (map[string]mirror.Meta, error) { return s.held, s.err }

func (s *fakeStore) Claim(_ context.Context, set string, _ time.Duration) (bool, error) {
	mine := !s.taken[set]
	s.taken[set] = true
	return mine, s.err
}

// fakeBus remembers what was published.
type fakeBus struct{ events []event.Event }

func (b *fakeBus) Publish(_ context.Context, events ...event.Event) error {
	b.events = append(b.events, events...)
	return nil
}

func asker(t *testing.T, s *fakeStore, b *fakeBus) *Asker {
	t.Helper()
	return NewAsker(Sets(), s, b, "datasync/test", func() time.Time { return noon }, testkit.Log(t))
}

// loaded returns all sets, loaded an age ago.
func loaded(age time.Duration) map[string]mirror.Meta {
	held := make(map[string]mirror.Meta)
	for _, s := range Sets() {
		held[s.Name] = mirror.Meta{Set: s.Name, Version: 5, AsOf: noon.Add(-age), LoadedAt: noon.Add(-age)}
	}
	return held
}

func asked(t *testing.T, b *fakeBus) map[string]messages.Requested {
	t.Helper()
	all := make(map[string]messages.Requested)
	for _, e := range b.events {
		var r messages.Requested
		if err := errors.Join(e.Validate(), e.Read(&r)); err != nil {
			t.Fatal(err)
		}
		if e.Origin != contract.Batch || !e.Deadline.After(noon) || e.Source == "" {
			t.Errorf("%+v", e)
		}
		all[r.Set] = r
	}
	return all
}

func TestSetsAreAskedForInTheirRhythm(t *testing.T) {
	cases := []struct {
		name string
		held map[string]mirror.Meta
		want int
	}{
		{"nothing is loaded", nil, 19},
		{"all is fresh", loaded(time.Second), 0},
		{"rates and clock are due", loaded(2 * time.Second), 2},
		{"all is due", loaded(time.Minute), 19},
		{"a replica's clock is a little ahead", loaded(-2 * time.Second), 0},
		{"a replica's clock is an hour ahead", loaded(-time.Hour), 19},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := new(fakeBus)
			if err := asker(t, &fakeStore{held: c.held, taken: map[string]bool{}}, b).Ask(t.Context()); err != nil {
				t.Fatal(err)
			}
			got := asked(t, b)
			if len(got) != c.want {
				t.Errorf("asked for %d sets: %v", len(got), got)
			}
			for set, r := range got {
				if r.KnownVersion != c.held[set].Version {
					t.Errorf("%s: known version %d", set, r.KnownVersion)
				}
			}
		})
	}
}

// When the bank's clock jumps all sets are old. The mainframe still has its time to answer, which is real time.
func TestAfterAJumpOfTheClockAllSetsAreAskedFor(t *testing.T) {
	b := new(fakeBus)
	a := asker(t, &fakeStore{held: loaded(time.Second), taken: map[string]bool{}}, b)
	a.By(func() time.Time { return noon.Add(48 * time.Hour) })
	if err := a.Ask(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := asked(t, b); len(got) != 19 {
		t.Errorf("asked for %d sets", len(got))
	}
	for _, e := range b.events {
		if e.Deadline.After(noon.Add(time.Minute)) {
			t.Errorf("%s has until %s", e.Data, e.Deadline)
		}
	}
}

// A mainframe that states no clock is on real time.
func TestASetThatTheMainframeNeedNotHaveIsNoWarning(t *testing.T) {
	held := loaded(time.Second)
	delete(held, "clock")
	a := asker(t, &fakeStore{held: held, taken: map[string]bool{"clock": true}}, new(fakeBus))
	if err := errors.Join(a.Ask(t.Context()), a.Fresh(t.Context())); err != nil {
		t.Error(err)
	}
}

func TestOneOfTwoReplicasAsks(t *testing.T) {
	s, b := &fakeStore{taken: map[string]bool{}}, new(fakeBus)
	for range 2 {
		if err := asker(t, s, b).Ask(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(b.events) != 19 {
		t.Errorf("%d requests for 19 sets", len(b.events))
	}
}

func TestRedisAwayIsToldAndAsksNothing(t *testing.T) {
	b := new(fakeBus)
	if err := asker(t, &fakeStore{err: errors.New("away")}, b).Ask(t.Context()); err == nil || len(b.events) > 0 {
		t.Error(err, b.events)
	}
}

func TestHealthNamesTheSetsThatAreOld(t *testing.T) {
	held := loaded(time.Minute)
	delete(held, "users")
	a := asker(t, &fakeStore{held: held, taken: map[string]bool{}}, new(fakeBus))
	if err := a.Fresh(t.Context()); err == nil || !strings.Contains(err.Error(), "clients never loaded") {
		t.Errorf("before the first look: %v", err)
	}
	if got := a.Age("rates"); got != -1 {
		t.Errorf("age %d", got)
	}
	if err := a.Ask(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := a.Fresh(t.Context()); err == nil || err.Error() != "mainframe data: rates 1m0s old, users never loaded" {
		t.Error(err)
	}
	if got := a.Age("rates"); got != 60_000 {
		t.Errorf("age %d", got)
	}
}
