package amqp_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
)

const journal = "journal"

// streaming is the test's topology with a stream of all that is asked.
func streaming(r amqp.Retention) amqp.Topology {
	t := topology
	t.Queues = append(slices.Clip(topology.Queues), amqp.Queue{
		Name: journal, Bindings: []amqp.Binding{{Exchange: "test.things", Key: "thing.asked.*"}}, Stream: r,
	})
	return t
}

var aDay = amqp.Retention{MaxBytes: 1 << 30, MaxAge: 24 * time.Hour}

// tape is a reader that keeps what it gets.
type tape struct {
	mu      sync.Mutex
	entries []amqp.Entry
}

func (r *tape) Read(_ context.Context, entries []amqp.Entry) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.entries = append(r.entries, entries...)
	return nil
}

func (r *tape) copied() []amqp.Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.entries)
}

// ids are those of the events so far, in order.
func (r *tape) ids() (ids []string) {
	for _, entry := range r.copied() {
		ids = append(ids, idsOf(entry.Events)...)
	}
	return ids
}

func idsOf(events []event.Event) []string {
	ids := make([]string, len(events))
	for i, e := range events {
		ids[i] = e.ID
	}
	return ids
}

// upTo reads n entries, one at a time, and then fails.
func (r *tape) upTo(n int) amqp.Reader {
	return func(ctx context.Context, entries []amqp.Entry) error {
		if len(r.copied()) >= n {
			return errors.New("no more")
		}
		return r.Read(ctx, entries)
	}
}

// expect waits until the reader has the last of the events, and wants exactly these, in their order.
func (r *tape) expect(t *testing.T, want []event.Event) {
	t.Helper()
	awaitID(t, r, want[len(want)-1].ID)
	if got := r.ids(); !slices.Equal(got, idsOf(want)) {
		t.Errorf("the reader got %d events, want %d in their order:\n%v\n%v", len(got), len(want), got, idsOf(want))
	}
}

// next is where the reader would go on.
func (r *tape) next() amqp.Offset {
	entries := r.copied()
	return entries[len(entries)-1].Offset + 1
}

// follow reads until the test ends or the returned function is called.
func follow(t *testing.T, bus *amqp.Bus, from amqp.Offset, read amqp.Reader) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- bus.Follow(ctx, journal, from, read) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("reader ended with %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// oldest is the offset of the oldest message that the stream has.
func oldest(t *testing.T, bus *amqp.Bus) amqp.Offset {
	t.Helper()
	read := &tape{}
	stop := follow(t, bus, amqp.First, read.Read)
	awaitIDs(t, read, 1)
	stop()
	return read.copied()[0].Offset
}

// publishBulk publishes events of 100 kB, so many bytes altogether.
func publishBulk(t *testing.T, bus *amqp.Bus, bytes int) {
	t.Helper()
	const size = 100_000
	text := map[string]string{"text": strings.Repeat("x", size)}
	for n := range bytes / size {
		e, err := event.New(asked, event.NewID(testkit.Day, "bulk", strconv.Itoa(n)), "here", "story", text)
		if err != nil {
			t.Fatal(err)
		}
		publish(t, bus, e)
	}
}

// awaitID waits until the reader has the event of that id.
func awaitID(t *testing.T, read *tape, id string) {
	t.Helper()
	testkit.Eventually(t, "the last event", 30*time.Second, func() error {
		if got := read.ids(); !slices.Contains(got, id) {
			return fmt.Errorf("%d events so far", len(got))
		}
		return nil
	})
}

// publishEach publishes events in messages of their own, so that each has an offset.
func publishEach(t *testing.T, bus *amqp.Bus, events []event.Event) {
	t.Helper()
	for _, e := range events {
		publish(t, bus, e)
	}
}

// logged is a log that a test can search.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(text)
}

// await waits until one line has all the parts.
func (l *logged) await(t *testing.T, parts ...string) {
	t.Helper()
	testkit.Eventually(t, strings.Join(parts, " "), 30*time.Second, func() error {
		l.mu.Lock()
		defer l.mu.Unlock()
		for line := range strings.Lines(l.text.String()) {
			if !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(line, part) }) {
				return nil
			}
		}
		return errors.New("not logged")
	})
}

// startLogged is startWith for a bus whose log the test reads.
func startLogged(t *testing.T, cfg amqp.Config, topology amqp.Topology) (*amqp.Bus, *logged) {
	t.Helper()
	l := &logged{}
	bus := amqp.Open(cfg, topology, "thing/1", slog.New(slog.NewTextHandler(l, nil)))
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(l.text.String())
		}
	})
	run(t, bus)
	return bus, l
}
