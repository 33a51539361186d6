package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
)

// asService makes this test binary a service with the named steps: killed is what only a process of its own can be. Its broker and its
// schema are in the variables below.
const (
	asService = "INBOX_TEST_AS_SERVICE"
	itsBroker = "INBOX_TEST_AMQP_URL"
	itsSchema = "INBOX_TEST_POSTGRES_URL"
)

var counting = amqp.Topology{
	Service: "counting",
	Queues: []amqp.Queue{
		{Name: "counting", Bindings: []amqp.Binding{{Exchange: "test.numbers", Key: "number.added.*"}}},
		{Name: "sums", Bindings: []amqp.Binding{{Exchange: "test.numbers", Key: "sum.changed.*"}}},
	},
	Publishes: []amqp.Publication{{Exchange: "test.numbers", Type: added}, {Exchange: "test.numbers", Type: sum}},
}

func TestMain(m *testing.M) {
	if os.Getenv(asService) != "" {
		serve()
	}
	os.Exit(m.Run())
}

// serve is the service: it consumes until it is killed.
func serve() {
	ctx, log := context.Background(), testkit.Log(quiet{})
	db, err := pgxpool.New(ctx, os.Getenv(itsSchema))
	if err != nil {
		panic(err)
	}
	bus := amqp.Open(amqp.Config{URL: os.Getenv(itsBroker)}, counting, "counting/killed", log)
	go func() { _ = bus.Run(ctx) }()
	_ = bus.Consume(ctx, "counting", handlers[os.Getenv(asService)](db, "counting/killed", log))
}

// handlers are those that a service may have, by name.
var handlers = map[string]func(*pgxpool.Pool, string, *slog.Logger) amqp.Handler{
	"summing": summing().Handler,
	"highest": highest().Handler,
}

// quiet is a test that hears nothing: a service has none.
type quiet struct{ testing.TB }

func (quiet) Cleanup(func())      {}
func (quiet) Logf(string, ...any) {}

// A service is killed (-9) after the commit and before the acknowledgement: whether what it emitted had been published
// or not, another replica finds the inbox row and publishes the same events, and the effect is there once.
func TestKilledBetweenCommitAndAcknowledgement(t *testing.T) {
	for name, test := range map[string]struct {
		lose      func(*testkit.Proxy)
		published bool // before it was killed
	}{
		"before it published":          {(*testkit.Proxy).Deafen, false},
		"published, but not told that": {(*testkit.Proxy).Mute, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			broker, schema := testkit.AMQP(t), testkit.PostgresURL(t)
			db := testkit.PostgresAt(t, schema)
			prepare(t, db)
			bus := amqptest.Open(t, amqp.Config{URL: broker}, counting)
			sums := newHeard()
			go func() { _ = bus.Consume(t.Context(), "sums", sums) }()
			proxy, kill := service(t, "summing", broker, schema)

			release := lock(t, db)
			if err := bus.Publish(t.Context(), add(t, 7)...); err != nil {
				t.Fatal(err)
			}
			blocked(t, db) // so the service has the event, and waits for the row
			test.lose(proxy)
			release()
			testkit.Eventually(t, "the commit", 20*time.Second, func() error { return rows(t, db, 1) })
			if test.published {
				sums.await(t, 1)
			}
			kill()
			if n := len(sums.all()); (n == 1) != test.published {
				t.Fatalf("%d events published before it was killed", n)
			}

			before := len(sums.all())
			go func() {
				_ = bus.Consume(t.Context(), "counting", summing().Handler(db, "counting/other", testkit.Log(t)))
			}()
			sums.await(t, before+1)
			all := sums.all()
			if diff := cmp.Diff(all[0], all[len(all)-1]); diff != "" {
				t.Errorf("the second time another event was published: %s", diff)
			}
			if all[0].Source != "counting/killed" || total(t, db) != 7 {
				t.Errorf("event of %s, sum %d: want the killed one's, and 7", all[0].Source, total(t, db))
			}
			acknowledged(t, bus)
			if err := rows(t, db, 1); err != nil {
				t.Error(err)
			}
		})
	}
}

// acknowledged waits until the broker has no message for the service any more.
func acknowledged(t *testing.T, bus *amqp.Bus) {
	t.Helper()
	testkit.Eventually(t, "the acknowledgement", 20*time.Second, func() error {
		messages, _, err := bus.Depth(t.Context(), "counting")
		if err == nil && messages > 0 {
			err = fmt.Errorf("%d messages are left", messages)
		}
		return err
	})
}

// service starts one with the named steps, behind a proxy to the broker.
func service(t *testing.T, steps, broker, schema string) (proxy *testkit.Proxy, kill func()) {
	t.Helper()
	proxy, address := testkit.Through(t, broker)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asService+"="+steps, itsBroker+"="+address, itsSchema+"="+schema)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	t.Cleanup(kill)
	return proxy, kill
}

// lock holds the ledger's row until release is called.
func lock(t *testing.T, db *pgxpool.Pool) (release func()) {
	t.Helper()
	tx, err := db.Begin(t.Context())
	if err == nil {
		_, err = tx.Exec(t.Context(), `select total from ledger for update`)
	}
	if err != nil {
		t.Fatal(err)
	}
	release = sync.OnceFunc(func() { _ = tx.Rollback(context.Background()) })
	t.Cleanup(release)
	return release
}

// blocked waits until somebody waits for a lock in this schema.
func blocked(t *testing.T, db *pgxpool.Pool) {
	t.Helper()
	const waiting = `select count(*) from pg_locks l join pg_class c on c.oid = l.relation
		where c.relname = 'ledger' and c.relnamespace = current_schema::regnamespace and l.locktype = 'tuple' and l.granted`
	testkit.Eventually(t, "the service to wait for the row", 30*time.Second, func() error {
		var n int
		err := db.QueryRow(t.Context(), waiting).Scan(&n)
		if err == nil && n == 0 {
			err = errors.New("nobody waits")
		}
		return err
	})
}

// rows is nil if the inbox has so many.
func rows(t *testing.T, db *pgxpool.Pool, want int) error {
	t.Helper()
	var n int
	if err := db.QueryRow(t.Context(), `select count(*) from inbox`).Scan(&n); err != nil {
		return err
	}
	if n != want {
		return fmt.Errorf("%d inbox rows", n)
	}
	return nil
}

// heard keeps what it is handed.
type heard struct {
	mu     sync.Mutex
	events []event.Event
}

func newHeard() *heard { return &heard{} }

func (h *heard) Handle(_ context.Context, events []event.Event) []amqp.Result {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, events...)
	return make([]amqp.Result, len(events))
}

func (h *heard) all() []event.Event {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]event.Event(nil), h.events...)
}

func (h *heard) await(t *testing.T, n int) {
	t.Helper()
	testkit.Eventually(t, fmt.Sprintf("%d events", n), 30*time.Second, func() error {
		if have := len(h.all()); have < n {
			return fmt.Errorf("have %d", have)
		}
		return nil
	})
}
