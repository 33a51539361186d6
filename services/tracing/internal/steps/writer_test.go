package steps_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/event"
	"fxcore/lambda/health"
	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/steps"
	"fxcore/services/tracing/internal/store"
	"fxcore/services/tracing/internal/store/cassandra"
	kept "fxcore/services/tracing/internal/store/postgres"
)

const patience = 2 * time.Minute

// story makes the messages of a trade: requested, authorized, …, the last of them rejected.
func story(t *testing.T, n int) []event.Event {
	t.Helper()
	id := event.NewID(testkit.Day, "trade", fmt.Sprint(n))
	e, err := event.New(contract.TradeRequested, event.ChildID(id, "requested"), "alpha", id, json.RawMessage(fmt.Sprintf(
		`{"request":{"trade_id":"%s","provider":"ALPHA","reference":"R-%d","client":"C%06d","account":"CH-4711"},"password":"open sesame"}`, id, n, n%7)))
	if err != nil {
		t.Fatal(err)
	}
	all := []event.Event{e}
	for _, next := range []event.Type{contract.TradeAuthorized, contract.TradeValidated, contract.TradeReserved, contract.TradeRejected} {
		if e, err = e.Next(next, json.RawMessage(fmt.Sprintf(`{"request":{"client":"C%06d"},"rejected":{"code":"no_line","text":"no room"}}`, n%7))); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// replica runs a writer until the returned function is called.
func replica(t *testing.T, name string, s store.Store, bus *amqp.Bus) (*steps.Writer, func()) {
	t.Helper()
	w := &steps.Writer{
		Name: name, Store: s, Follow: bus.Follow, Clock: time.Now, Log: testkit.Log(t),
		Appended: &health.Counter{}, Repeated: &health.Counter{}, Unreadable: &health.Counter{},
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = w.Run(ctx) }()
	end := func() { cancel(); <-ended }
	t.Cleanup(end)
	return w, end
}

// publisher publishes all that tracing takes.
func publisher() amqp.Topology {
	t := steps.Topology()
	for _, typ := range contract.All() {
		t.Publishes = append(t.Publishes, amqp.Publication{Exchange: contract.Exchange(typ), Type: typ})
	}
	return t
}

func stores(t *testing.T) map[string]func(*testing.T) store.Store {
	t.Helper()
	return map[string]func(*testing.T) store.Store{
		"PostgreSQL": func(t *testing.T) store.Store {
			pool := testkit.Postgres(t)
			if err := postgres.Migrate(t.Context(), pool, kept.Migrations); err != nil {
				t.Fatal(err)
			}
			return kept.Store{Pool: pool}
		},
		"Cassandra": func(t *testing.T) store.Store {
			cfg, err := cassandra.FromURL(testkit.Cassandra(t))
			if err != nil {
				t.Fatal(err)
			}
			s := cassandra.New(cfg, store.Keep{})
			t.Cleanup(s.Close)
			return s
		},
	}
}

// Messages come, some of them twice, while replicas come and go. The journal has each of them once, and each is a span.
func TestEachMessageIsOnceInTheJournal(t *testing.T) {
	for name, open := range stores(t) {
		t.Run(name, func(t *testing.T) {
			s, bus := open(t), amqptest.Open(t, amqp.Config{URL: testkit.AMQP(t)}, publisher())
			_, end := replica(t, "tracing/1", s, bus)
			replica(t, "tracing/2", s, bus)
			var all [][]event.Event
			for n := range 60 {
				all = append(all, story(t, n))
				for i, e := range all[n] {
					for range 1 + (n+i)%2 {
						if err := bus.Publish(t.Context(), e); err != nil {
							t.Fatal(err)
						}
					}
				}
				switch n {
				case 20:
					end()
				case 40:
					replica(t, "tracing/3", s, bus)
				}
			}
			for _, want := range all {
				testkit.Eventually(t, "the story", patience, func() error { return whole(t, s, want) })
			}
			for chain := range journal.Chains {
				if _, err := store.Verify(t.Context(), s, chain); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// whole returns what the journal lacks of a story, or has too much.
func whole(t *testing.T, s store.Reader, want []event.Event) error {
	t.Helper()
	records, err := s.Story(t.Context(), want[0].Correlation)
	if err != nil {
		return err
	}
	got := map[string]bool{}
	for _, r := range records {
		got[r.ID] = true
		if strings.Contains(string(r.Payload), "sesame") || strings.Contains(string(r.Payload), "4711") {
			t.Errorf("a secret or an account is readable: %s", r.Payload)
		}
	}
	if len(records) != len(want) || len(got) != len(want) {
		return fmt.Errorf("%d records, %d different ones, want %d", len(records), len(got), len(want))
	}
	spans, err := s.Spans(t.Context(), event.TraceID(want[0].Correlation))
	if err != nil || len(spans) != len(want) {
		return fmt.Errorf("%d spans, want %d: %w", len(spans), len(want), err)
	}
	found, err := s.Search(t.Context(), store.Query{Correlation: want[0].Correlation, Limit: 2})
	if err != nil || len(found) != 1 || found[0].Outcome != "rejected" || !found[0].Failed || found[0].Client == "" {
		return fmt.Errorf("found %+v: %w", found, err)
	}
	return nil
}

// away is a store that is away for a while.
type away struct {
	store.Store
	till chan struct{}
}

func (a away) Append(ctx context.Context, chunks []store.Chunk) error {
	select {
	case <-a.till:
		return a.Store.Append(ctx, chunks)
	default:
		return fmt.Errorf("the store is away")
	}
}

// While the store is away the lag grows; afterwards the journal has everything, and nothing lags.
func TestTheJournalCatchesUpAfterAnOutage(t *testing.T) {
	s, bus := stores(t)["PostgreSQL"](t), amqptest.Open(t, amqp.Config{URL: testkit.AMQP(t)}, publisher())
	till := make(chan struct{})
	w, _ := replica(t, "tracing/1", away{s, till}, bus)
	var all [][]event.Event
	for n := range 10 {
		all = append(all, story(t, n))
		for _, e := range all[n] {
			e.Time = time.Now()
			if err := bus.Publish(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
	}
	testkit.Eventually(t, "a lag", patience, func() error {
		if w.Lag() <= 0 {
			return fmt.Errorf("nothing lags")
		}
		return nil
	})
	close(till)
	for _, want := range all {
		testkit.Eventually(t, "the story", patience, func() error { return whole(t, s, want) })
	}
	testkit.Eventually(t, "no lag", patience, func() error {
		if lag := w.Lag(); lag > 0 {
			return fmt.Errorf("lags by %s", lag)
		}
		return nil
	})
}

func TestReplicasShareAllChains(t *testing.T) {
	for n := 1; n <= 4; n++ {
		var names []string
		for i := range n {
			names = append(names, fmt.Sprint("tracing/", i+1))
		}
		var all []int
		for _, name := range names {
			mine := steps.Share(names, name, 0)
			if len(mine) == 0 || len(mine) > 16-2*(n-1) && n > 1 {
				t.Errorf("%s of %d has the chains %v", name, n, mine)
			}
			all = append(all, mine...)
		}
		slices.Sort(all)
		if len(slices.Compact(all)) != journal.Chains || len(all) != journal.Chains {
			t.Errorf("%d replicas have the chains %v", n, all)
		}
	}
}

// The others stand by, and one of them takes all when the one that works is gone.
func TestOneOfManyReplicasWorks(t *testing.T) {
	names := []string{"tracing/1", "tracing/2", "tracing/3"}
	for len(names) > 0 {
		var working []string
		for _, name := range names {
			switch mine := steps.Share(names, name, 1); len(mine) {
			case journal.Chains:
				working = append(working, name)
			case 0:
			default:
				t.Errorf("%s of %v has %d chains", name, names, len(mine))
			}
		}
		if len(working) != 1 {
			t.Fatalf("of %v work %v", names, working)
		}
		names = slices.DeleteFunc(names, func(name string) bool { return name == working[0] })
	}
}
