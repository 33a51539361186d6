package steps_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/health"
	"fxcore/lambda/testkit"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/payload"
	"fxcore/services/tracing/internal/steps"
	"fxcore/services/tracing/internal/store"
)

// memory is a store in memory: it keeps the heads, and what each append had.
type memory struct {
	store.Store
	mu    sync.Mutex
	heads map[int]journal.Head
	at    []time.Time
	sizes []int
	ids   []string
	away  func() error // what an append answers before it does anything
}

func (m *memory) Alive(_ context.Context, name string, _ time.Duration) ([]string, error) {
	return []string{name}, nil
}

func (m *memory) Key(context.Context, string) (payload.Key, error) { return payload.Key{}, nil }

func (m *memory) Known(context.Context, []store.Place) (map[store.Place]bool, error) {
	return map[store.Place]bool{}, nil
}

func (m *memory) Head(_ context.Context, chain int, today event.Day) (journal.Head, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if h, there := m.heads[chain]; there {
		return h, nil
	}
	return journal.Head{Chain: chain, Day: today, Offset: -1}, nil
}

func (m *memory) Append(_ context.Context, chunks []store.Chunk) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away != nil {
		if err := m.away(); err != nil {
			return err
		}
	}
	size := 0
	for _, c := range chunks {
		m.heads[c.Head.Chain] = c.Next
		size += len(c.Records)
		for _, r := range c.Records {
			m.ids = append(m.ids, r.ID)
		}
	}
	m.at, m.sizes = append(m.at, time.Now()), append(m.sizes, size)
	return nil
}

// stored returns how many messages are stored, and how many of them are different.
func (m *memory) stored() (all, different int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.ids), len(slices.Compact(slices.Sorted(slices.Values(m.ids))))
}

// fed runs a writer on a memory in a bubble, with a stream that the test feeds.
func fed(t *testing.T, m *memory, feed func(ctx context.Context, w *steps.Writer, read amqp.Reader)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		w := &steps.Writer{
			Name: "tracing/1", Store: m, Clock: time.Now, Log: testkit.Log(t), Appended: &health.Counter{}, Repeated: &health.Counter{}, Unreadable: &health.Counter{},
		}
		w.Follow = func(ctx context.Context, _ string, _ amqp.Offset, read amqp.Reader) error {
			feed(ctx, w, read)
			<-ctx.Done()
			return nil
		}
		var running sync.WaitGroup
		running.Go(func() { _ = w.Run(ctx) })
		time.Sleep(time.Minute)
		end()
		running.Wait()
	})
}

// messages returns n messages of the stream from an offset on.
func messages(from, n int) []amqp.Entry {
	var all []amqp.Entry
	for offset := from; offset < from+n; offset++ {
		id := fmt.Sprint("m", offset)
		all = append(all, amqp.Entry{Offset: amqp.Offset(offset), Events: []event.Event{{
			ID: id, Correlation: fmt.Sprint("T-", offset/10), Time: time.Now(), Data: []byte("{}"),
		}}})
	}
	return all
}

// What comes within a second is stored together, a second after the first of it.
func TestMessagesOfASecondAreStoredTogether(t *testing.T) {
	m := &memory{heads: map[int]journal.Head{}}
	var began time.Time
	fed(t, m, func(ctx context.Context, _ *steps.Writer, read amqp.Reader) {
		began = time.Now()
		for n := range 30 { // for three seconds
			if err := read(ctx, messages(10*n, 10)); err != nil {
				t.Error(err)
			}
			time.Sleep(100 * time.Millisecond)
		}
	})
	if len(m.at) < 3 || len(m.at) > 4 || m.at[0].Sub(began) != time.Second || m.sizes[0] < 100 || m.sizes[0] > 110 {
		t.Errorf("stored %v at %v, began %s", m.sizes, m.at, began)
	}
	if all, different := m.stored(); all != 300 || different != 300 {
		t.Errorf("%d messages are stored, %d of them different", all, different)
	}
}

// While the store is away the writer reads ahead up to a bound, tries again, and the lag is that of the oldest message.
func TestAStoreThatIsAwayHoldsTheReaderUp(t *testing.T) {
	away := true
	m := &memory{heads: map[int]journal.Head{}}
	m.away = func() error {
		if away {
			return errors.New("away")
		}
		return nil
	}
	fed(t, m, func(ctx context.Context, w *steps.Writer, read amqp.Reader) {
		time.AfterFunc(20*time.Second, func() {
			if lag := w.Lag(); lag < 19*time.Second || lag > 20*time.Second {
				t.Errorf("the lag is %s", lag)
			}
			m.mu.Lock()
			defer m.mu.Unlock()
			away = false
		})
		began := time.Now()
		for n := range 30 {
			if err := read(ctx, messages(1_000*n, 1_000)); err != nil {
				t.Error(err)
			}
		}
		if took := time.Since(began); took < 20*time.Second {
			t.Errorf("30,000 messages were read ahead within %s", took)
		}
	})
	if all, different := m.stored(); all != 30_000 || different != 30_000 {
		t.Errorf("%d messages are stored, %d of them different", all, different)
	}
}

// A reader that is held up ends when its connection is lost, and what it then reads again is stored once.
func TestALostConnectionRepeatsNothing(t *testing.T) {
	m := &memory{heads: map[int]journal.Head{}}
	away := true
	m.away = func() error {
		if away {
			return errors.New("away")
		}
		return nil
	}
	fed(t, m, func(ctx context.Context, _ *steps.Writer, read amqp.Reader) {
		next := 0
		connection, lost := context.WithTimeout(ctx, 5*time.Second)
		for read(connection, messages(next, 1_000)) == nil {
			next += 1_000
		}
		lost()
		if next < 8_000 || next > 20_000 {
			t.Errorf("%d messages were read ahead", next)
		}
		m.mu.Lock()
		away = false
		m.mu.Unlock()
		if err := read(ctx, messages(next, 1_000)); err != nil {
			t.Error(err)
		}
		next += 1_000
		time.Sleep(10 * time.Second)
		if all, different := m.stored(); all != next || different != next {
			t.Errorf("%d messages are stored, %d of them different, want %d", all, different, next)
		}
	})
}
