package desk_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/event"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/monitoring/internal/failed/desk"
	"fxcore/services/monitoring/internal/failed/store"
)

const patience = time.Minute

// trading is a service whose messages fail until it is mended.
type trading struct {
	mu      sync.Mutex
	mended  bool
	handled map[string]int // by message id
}

func (s *trading) mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mended = true
}

func (s *trading) Handle(_ context.Context, events []event.Event) []amqp.Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	results := make([]amqp.Result, len(events))
	for i, e := range events {
		if !s.mended {
			results[i].Err = errors.New("the calendar of this day is wrong")
			continue
		}
		s.handled[e.ID]++
	}
	return results
}

// times returns how often messages were handled, of all.
func (s *trading) times() (messages, most int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.handled {
		most = max(most, n)
	}
	return len(s.handled), most
}

// bench is the error queue of a broker of the test's own, with two replicas of monitoring.
type bench struct {
	t       *testing.T
	pool    *pgxpool.Pool
	service *trading
	bus     *amqp.Bus // of trading
	desks   [2]*desk.Desk
}

func topology(service string) amqp.Topology {
	t := amqp.Topology{Service: service, Publishes: desk.Publications()}
	if service == "trading" {
		t.Queues = []amqp.Queue{{Name: "trading", Purpose: "test", Bindings: contract.Bindings(contract.TradeRequested)}}
		t.Publishes = []amqp.Publication{{Exchange: contract.TradeExchange, Type: contract.TradeRequested}}
	}
	return t
}

func setUp(t *testing.T) *bench {
	t.Helper()
	cfg := amqp.Config{URL: testkit.AMQP(t)}
	b := &bench{t: t, pool: postgrestest.Schema(t, store.Migrations), service: &trading{handled: map[string]int{}}}
	b.bus = amqptest.Serve(t, cfg, topology("trading"), b.service)
	for i := range b.desks {
		bus := amqptest.Open(t, cfg, topology(fmt.Sprint("monitoring", i)))
		b.desks[i] = &desk.Desk{Store: store.Store{Pool: b.pool}, Bus: bus, Log: testkit.Log(t), Keep: time.Hour, Now: time.Now}
		testkit.Background(t, b.desks[i].Collect)
	}
	return b
}

// fail publishes messages that fail, and returns once on-call sees each.
func (b *bench) fail(n int) {
	b.t.Helper()
	events := make([]event.Event, n)
	for i := range events {
		e, err := event.New(contract.TradeRequested, event.NewID(testkit.Day, fmt.Sprint(i)), "alpha", event.NewID(testkit.Day, "trade", fmt.Sprint(i)),
			map[string]any{"client": "C1", "password": "SECRET"})
		if err != nil {
			b.t.Fatal(err)
		}
		events[i] = e
	}
	if err := b.bus.Publish(b.t.Context(), events...); err != nil {
		b.t.Fatal(err)
	}
	b.become("open", n)
}

// become waits until so many entries are in a state, and none in another.
func (b *bench) become(state string, n int) {
	b.t.Helper()
	testkit.Eventually(b.t, fmt.Sprint(n, " entries that are ", state), patience, func() error {
		var got, all int
		err := b.pool.QueryRow(b.t.Context(), "select count(*) filter (where state = $1), count(*) from failed_message", state).Scan(&got, &all)
		if err == nil && (got != n || all != n) {
			err = fmt.Errorf("%d of %d", got, all)
		}
		return err
	})
}

func (b *bench) number(query string) (n int) {
	b.t.Helper()
	if err := b.pool.QueryRow(b.t.Context(), query).Scan(&n); err != nil {
		b.t.Fatal(err)
	}
	return n
}

func (b *bench) ids() []string {
	b.t.Helper()
	entries, _, err := b.desks[0].Store.List(b.t.Context(), store.Filter{}, 1000)
	if err != nil {
		b.t.Fatal(err)
	}
	var ids []string
	for _, e := range entries {
		ids = append(ids, e.ID)
	}
	return ids
}

// dying is a session with the broker of a replica that is killed after the broker has a message, before it notes that.
type dying struct{ desk.Bus }

var errKilled = errors.New("killed")

func (d dying) Resend(ctx context.Context, queue string, r amqp.Raw) error {
	if err := d.Bus.Resend(ctx, queue, r); err != nil {
		return err
	}
	return errKilled
}

var asked = store.Order{By: "U0013", Note: strings.Repeat("why ", 3)}

// rawOf is one poison message of a flood.
func rawOf(i int) amqp.Raw {
	return amqp.Raw{MessageID: fmt.Sprint(i), Body: fmt.Append(nil, "noise ", i), Headers: map[string]any{"fx-queue": "trading", "fx-reason": fmt.Sprint("no event: ", i)}}
}
