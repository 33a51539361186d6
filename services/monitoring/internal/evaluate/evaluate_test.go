package evaluate_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"fxcore/lambda/health"
	"fxcore/lambda/postgres"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/monitoring/internal/alert"
	"fxcore/services/monitoring/internal/evaluate"
	"fxcore/services/monitoring/internal/instances"
	"fxcore/services/monitoring/internal/store"
)

// world is what all replicas of a test share: a clock that the test holds, and what they told.
type world struct {
	mu   sync.Mutex
	at   time.Time
	told []alert.Alert
	deaf bool // tellers fail

	samples []alert.Sample // what the servers say
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

func (w *world) Tell(_ context.Context, a alert.Alert) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.deaf {
		return errors.New("away")
	}
	w.told = append(w.told, a)
	return nil
}

func (w *world) Samples(context.Context, []string) []alert.Sample { return w.samples }

func begun() *world { return &world{at: time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC)} }

func (w *world) replica(t *testing.T, s store.Store) *evaluate.Evaluator {
	t.Helper()
	return &evaluate.Evaluator{
		View: instances.New(w.now), Servers: w, Hears: func() error { return nil }, Store: s, Rules: alert.Rules(), Teller: w, Now: w.now,
		Log: testkit.Log(t), Pause: time.Nanosecond,
	}
}

func (w *world) beat(e *evaluate.Evaluator, name string) {
	e.View.Note(health.Report{Instance: name, Program: name, Ready: true, Live: true, EverySeconds: 5}, w.now())
}

// states returns the states of one rule that were told, in order.
func (w *world) states(rule string) (states []alert.State) {
	for _, a := range w.told {
		if a.Rule == rule {
			states = append(states, a.State)
		}
	}
	return states
}

func TestAKilledInstanceIsToldWithinThirtySecondsOnceByWhicheverReplica(t *testing.T) {
	w, s := begun(), store.Store{Pool: postgrestest.Schema(t, store.Migrations)}
	replicas := []*evaluate.Evaluator{w.replica(t, s), w.replica(t, s)}
	for n := range 24 { // two minutes
		dead := n >= 2 && n < 14
		for _, e := range replicas {
			if !dead {
				w.beat(e, "auth-1")
			}
		}
		replicas[n%2].Once(t.Context())
		w.pass(5 * time.Second)
		if n == 7 && len(w.states("instance_silent")) != 1 {
			t.Fatalf("not told within 30 s: %v", w.told)
		}
	}
	if got := w.states("instance_silent"); len(got) != 2 || got[0] != alert.Firing || got[1] != alert.Cleared {
		t.Errorf("told %v", got)
	}
	listed, err := s.Alerts(t.Context(), alert.Cleared)
	if err != nil || len(listed) == 0 {
		t.Errorf("%v, %v", listed, err)
	}
}

func TestWhatCouldNotBeToldIsToldLater(t *testing.T) {
	w, s := begun(), store.Store{Pool: postgrestest.Schema(t, store.Migrations)}
	first, second := w.replica(t, s), w.replica(t, s)
	w.beat(first, "auth-1")
	w.beat(second, "auth-1")
	w.deaf = true
	w.pass(time.Minute)
	first.Once(t.Context())
	w.deaf = false
	w.pass(5 * time.Second)
	second.Once(t.Context())
	second.Once(t.Context())
	if got := w.states("instance_silent"); len(got) != 1 || got[0] != alert.Firing {
		t.Errorf("told %v", w.told)
	}
}

func TestWithoutPostgresAlertsComeFromMemory(t *testing.T) {
	proxy, url := testkit.Through(t, testkit.PostgresURL(t))
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: url, ConnectTimeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	postgrestest.Update(t, pool, store.Migrations)
	s := store.Store{Pool: pool}
	w := begun()
	e := w.replica(t, s)
	w.beat(e, "auth-1")
	e.Once(t.Context())
	proxy.Cut()
	w.pass(time.Minute)
	e.Once(t.Context())
	w.pass(5 * time.Second)
	e.Once(t.Context())
	if got := w.states("instance_silent"); len(got) != 1 {
		t.Errorf("told %v", w.told)
	}
	proxy.Heal() // so that the pool can be closed
}

func TestAJudgementOfAnotherReplicaIsLeftAlone(t *testing.T) {
	s := store.Store{Pool: postgrestest.Schema(t, store.Migrations)}
	judge := func(alert.Book) []alert.Alert { return nil }
	if err := s.Judge(t.Context(), time.Hour, nil, nil, judge); err != nil {
		t.Fatal(err)
	}
	if err := s.Judge(t.Context(), time.Hour, nil, nil, judge); !errors.Is(err, store.ErrNotMine) {
		t.Errorf("%v", err)
	}
}
