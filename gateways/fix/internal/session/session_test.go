package session_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/gateways/fix/internal/dialect"
	"fxcore/gateways/fix/internal/engine"
	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/session"
	"fxcore/gateways/fix/internal/variation"
	"fxcore/gateways/internal/absence"
	"fxcore/gateways/internal/lifecycle"
	"fxcore/gateways/internal/providerfile"
	"fxcore/gateways/internal/schedule"
	"fxcore/gateways/internal/store"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
)

const patience = 20 * time.Second

// broker takes nothing and has nothing.
type broker struct {
	mu        sync.Mutex
	consumers []string
}

func (b *broker) PublishAsync(context.Context, []event.Event, func(error)) {}
func (b *broker) Publish(context.Context, ...event.Event) error            { return nil }
func (b *broker) ConsumeFirst(ctx context.Context, queue string, rank int64, _ amqp.Handler) error {
	b.mu.Lock()
	b.consumers = append(b.consumers, fmt.Sprint(queue, " ", rank))
	b.mu.Unlock()
	<-ctx.Done()
	return nil
}

func database(t *testing.T) *pgxpool.Pool {
	t.Helper()
	return postgrestest.Schema(t, store.Migrations, absence.Migrations)
}

// named is a provider of its own for each test: an engine's sessions have names that are unique in a process.
func named(t *testing.T, reset provider.Reset) provider.Provider {
	t.Helper()
	return provider.Provider{
		Account: providerfile.Account{ID: "ALPHA"}, BeginString: provider.FIX44, CompID: t.Name(), OurCompID: "FXCORE",
		MaxHeartbeat: time.Minute, Reset: reset,
	}
}

func shared(t *testing.T, pool *pgxpool.Pool, clock func() time.Time) (session.Shared, *broker) {
	t.Helper()
	paths, err := dialect.WriteDictionaries(t.TempDir(), variation.Variation{})
	if err != nil {
		t.Fatal(err)
	}
	b := &broker{}
	return session.Shared{
		Shared: lifecycle.Shared{
			Pool: pool, Bus: b, Queue: func(provider string) string { return "fix." + provider }, Deadline: time.Minute,
			QueueLimit: 9, UnderWay: 2, Source: "fix/test", Log: testkit.Log(t),
		},
		Dictionaries: func(variation.Variation) (map[string]string, error) { return paths, nil }, Clock: clock,
	}, b
}

func begin(t *testing.T, p provider.Provider, s session.Shared, epoch int64) *session.Session {
	t.Helper()
	one := session.New(p, s)
	t.Cleanup(func() { _ = one.Abandon(context.Background()) })
	if err := errors.Join(one.Prepare(t.Context()), one.Open(t.Context(), epoch), one.Start(t.Context())); err != nil {
		t.Fatal(err)
	}
	return one
}

// reaches dials the session's engine and returns where it listens.
func reaches(t *testing.T, s *session.Session) (address string, err error) {
	t.Helper()
	conn, err := s.Dial(t.Context(), "")
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	return conn.RemoteAddr().String(), nil
}

// A session whose engine was started ahead is served by that engine under its lease, and has the provider's queue by its
// epoch. After the end no connection is led there.
func TestASessionIsServedByTheEngineThatWasReady(t *testing.T) {
	all, b := shared(t, database(t), nil)
	p := named(t, provider.ResetOnRequest)
	s := session.New(p, all)
	if err := s.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	before, err := reaches(t, s)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Open(t.Context(), 3), s.Start(t.Context())); err != nil {
		t.Fatal(err)
	}
	if after, err := reaches(t, s); err != nil || after != before {
		t.Errorf("it listens at %s, and listened at %s, %v", after, before, err)
	}
	testkit.Eventually(t, "the consumer", patience, func() error {
		b.mu.Lock()
		defer b.mu.Unlock()
		if len(b.consumers) != 1 || b.consumers[0] != "fix.ALPHA 3" {
			return fmt.Errorf("%q", b.consumers)
		}
		return nil
	})
	if err := errors.Join(s.Check(t.Context()), s.Stop(t.Context())); err != nil {
		t.Error(err)
	}
	if address, err := reaches(t, s); err == nil {
		t.Errorf("it still listens at %s", address)
	}
}

// One that was prepared and is not wanted any more leaves its name to the next one.
func TestASessionThatWasOnlyPreparedEnds(t *testing.T) {
	all, _ := shared(t, database(t), nil)
	p := named(t, provider.ResetOnRequest)
	unwanted := session.New(p, all)
	if err := errors.Join(unwanted.Prepare(t.Context()), unwanted.Stop(t.Context())); err != nil {
		t.Fatal(err)
	}
	begin(t, p, all, 1)
}

// hours is a schedule with one period a day.
func hours(t *testing.T, start, end time.Time) schedule.Schedule {
	t.Helper()
	made, err := schedule.Spec{Zone: "UTC", Start: start.UTC().Format(time.TimeOnly), End: end.UTC().Format(time.TimeOnly)}.Schedule()
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// The first holder in a period begins the numbers at 1, if that is agreed. Later holders in the period go on.
func TestTheFirstHolderInAPeriodBeginsAt1(t *testing.T) {
	for reset, want := range map[provider.Reset][]int{provider.ResetAtStart: {2, 2}, provider.ResetOnRequest: {1, 1}} {
		t.Run(string(reset), func(t *testing.T) {
			pool := database(t)
			all, _ := shared(t, pool, nil)
			p := named(t, reset)
			p.Schedule = hours(t, time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
			old := store.New(pool, engine.SessionID(p).String(), engine.Answer, testkit.Log(t))
			if err := old.Open(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			if _, err := pool.Exec(t.Context(), "update session set created_at = created_at - interval '1 day', next_out = 9"); err != nil {
				t.Fatal(err)
			}
			for i, generation := range want {
				s := begin(t, p, all, int64(i+2))
				if _, got, _ := s.Store.Entry(); got != generation {
					t.Errorf("holder %d: generation %d, want %d", i+1, got, generation)
				}
				if out := s.Store.Out.Next(); (out == 1) != (generation == 2) {
					t.Errorf("holder %d: %d comes next", i+1, out)
				}
				if err := s.Stop(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// A period that begins while the session starts is not missed: the numbers begin at 1.
func TestAPeriodBeginsWhileTheSessionStarts(t *testing.T) {
	opening := time.Now().Add(23 * time.Hour).Truncate(time.Second) // the period before began before the session's numbers
	var looks atomic.Int32
	clock := func() time.Time {
		if looks.Add(1) == 1 {
			return opening.Add(-time.Second)
		}
		return opening.Add(time.Minute)
	}
	all, _ := shared(t, database(t), clock)
	p := named(t, provider.ResetAtStart)
	p.Schedule = hours(t, opening, opening.Add(time.Hour))
	s := begin(t, p, all, 1)
	testkit.Eventually(t, "the new beginning", patience, func() error {
		if _, generation, _ := s.Store.Entry(); generation != 2 {
			return fmt.Errorf("generation %d", generation)
		}
		return nil
	})
}

// When a period ends the engine stops, and then listens again: it numbers what the provider will find.
func TestTheEngineBeginsAnewWhenThePeriodEnds(t *testing.T) {
	started := time.Now()
	closing := time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC)
	var mu sync.Mutex
	early := true
	clock := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		if early {
			return closing.Add(-50 * time.Millisecond)
		}
		return closing.Add(time.Since(started))
	}
	all, _ := shared(t, database(t), clock)
	p := named(t, provider.ResetOnRequest)
	p.Schedule = hours(t, closing.Add(-time.Hour), closing)
	s := begin(t, p, all, 1)
	before, err := reaches(t, s)
	if err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	early = false
	mu.Unlock()
	testkit.Eventually(t, "another engine", patience, func() error {
		if after, err := reaches(t, s); err != nil || after == before {
			return fmt.Errorf("it listens at %s: %w", after, err)
		}
		return nil
	})
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
