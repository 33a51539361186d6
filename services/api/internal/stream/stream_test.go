package stream_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fxcore/lambda/testkit"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/stream"
)

// table is a read model in memory: rows with the position at which each changed last.
type table struct {
	mu    sync.Mutex
	epoch string
	upTo  uint64
	order []*blotter.Facts
	at    map[string]uint64
}

func newTable() *table { return &table{epoch: "e1", upTo: 100, at: map[string]uint64{}} }

// change lets a trade change, at a position that is visible at once.
func (m *table) change(trade, desk string) { m.refuse(trade, desk, nil) }

// refuse is change to a trade that is refused, unless the refusal is nil.
func (m *table) refuse(trade, desk string, refusal *blotter.Refusal) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, f := range m.order {
		if f.ID == trade {
			m.order = append(m.order[:i], m.order[i+1:]...)
			break
		}
	}
	f := &blotter.Facts{ID: trade, Terms: &blotter.Terms{Desk: desk}, Rejected: refusal}
	f.Note(blotter.Entry{ID: fmt.Sprint(m.upTo)})
	m.order = append(m.order, f)
	m.at[trade] = m.upTo
	m.upTo += 2
}

func (m *table) Horizon(context.Context) (string, uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.epoch, m.upTo, nil
}

func (m *table) Changes(_ context.Context, from, upTo uint64, limit int) (trades []*blotter.Facts, reached uint64, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, f := range m.order {
		if at := m.at[f.ID]; at >= from && at < upTo {
			if len(trades) == limit {
				return trades, at, nil
			}
			trades = append(trades, f)
		}
	}
	return trades, upTo, nil
}

// replica returns a hub that runs until the test ends.
func replica(t testing.TB, m *table) *stream.Hub {
	t.Helper()
	hub := stream.New(m, time.Now, testkit.Log(t))
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = hub.Run(ctx) })
	t.Cleanup(func() { stop(); running.Wait() })
	return hub
}

// ear collects what a stream says.
type ear struct {
	mu     sync.Mutex
	said   bytes.Buffer
	trades []string
	last   stream.Position
	reset  bool
}

func (e *ear) write(event []byte) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.said.Write(event)
	for line := range strings.Lines(string(event)) {
		field, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch field {
		case "id":
			p, err := stream.ParsePosition(value)
			if err != nil {
				return err
			}
			e.last = p
		case "event":
			e.reset = e.reset || value == "reset"
		case "data":
			var data struct{ Trades []blotter.Trade }
			if err := json.Unmarshal([]byte(value), &data); err != nil {
				return err
			}
			for _, t := range data.Trades {
				e.trades = append(e.trades, t.ID)
			}
		}
	}
	return nil
}

func (e *ear) heard() (trades []string, last stream.Position) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]string(nil), e.trades...), e.last
}

// listen listens until cut is called, which waits for the end.
func (e *ear) listen(t testing.TB, hub *stream.Hub, group stream.Group, from stream.Position) (cut func()) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		_ = hub.Listen(ctx, stream.Listener{Group: group, Alive: func(context.Context) error { return nil }, Write: e.write}, from)
	})
	return func() { stop(); running.Wait() }
}

func (e *ear) await(t testing.TB, want ...string) {
	t.Helper()
	testkit.Eventually(t, "the stream says it", 30*time.Second, func() error {
		if got, _ := e.heard(); len(got) < len(want) {
			return fmt.Errorf("%v, want %v", got, want)
		}
		return nil
	})
	if got, _ := e.heard(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("%v, want %v", got, want)
	}
}

var start = stream.Position{Epoch: "e1", At: 100}

func TestAListenerHearsWhatItsDeskMaySee(t *testing.T) {
	m := newTable()
	hub := replica(t, m)
	var all, desk ear
	cutAll, cutDesk := all.listen(t, hub, stream.Group{}, start), desk.listen(t, hub, stream.Group{Desk: "FXS1"}, start)
	m.change("a", "FXS1")
	all.await(t, "a")
	m.change("b", "FXS2")
	all.await(t, "a", "b")
	m.change("c", "FXS1")
	all.await(t, "a", "b", "c")
	desk.await(t, "a", "c")
	cutAll()
	cutDesk()
}

// A listener that is cut, again and again, and resumes at any replica hears every trade once.
func TestACutStreamResumesWithoutAGapOrARepeat(t *testing.T) {
	m := newTable()
	hubs := []*stream.Hub{replica(t, m), replica(t, m)}
	changed := 0
	rapid.Check(t, func(rt *rapid.T) {
		m.mu.Lock()
		position := stream.Position{Epoch: m.epoch, At: m.upTo}
		m.mu.Unlock()
		var want []string
		e := &ear{last: position}
		change := func() {
			changed++
			want = append(want, fmt.Sprint(changed))
			m.change(want[len(want)-1], "FXS1")
		}
		for _, connected := range rapid.SliceOfN(rapid.IntRange(0, 3), 1, 5).Draw(rt, "changes while connected") {
			_, last := e.heard()
			cut := e.listen(t, rapid.SampledFrom(hubs).Draw(rt, "replica"), stream.Group{}, last)
			for range connected {
				change()
			}
			if rapid.Bool().Draw(rt, "heard before the cut") {
				e.await(t, want...)
			}
			cut()
			for range rapid.IntRange(0, 2).Draw(rt, "changes while cut") {
				change()
			}
		}
		_, last := e.heard()
		cut := e.listen(t, hubs[0], stream.Group{}, last)
		e.await(t, want...)
		cut()
	})
}

func TestAPositionOfAnotherReadModelIsReset(t *testing.T) {
	m := newTable()
	hub := replica(t, m)
	for _, from := range []stream.Position{{Epoch: "e0", At: 100}, {Epoch: "e1", At: 1_000}} {
		var e ear
		defer e.listen(t, hub, stream.Group{}, from)()
		testkit.Eventually(t, "the reset", 30*time.Second, func() error {
			e.mu.Lock()
			defer e.mu.Unlock()
			if !e.reset {
				return errors.New("no reset")
			}
			return nil
		})
	}
}

// After a restore of the database a position means something else, or is ahead of all that happens for a long time. Whoever listens is
// told, and the next one hears what changes then.
func TestARestoreResetsWhoListens(t *testing.T) {
	for name, restore := range map[string]func(*table){
		"with a new name":      func(m *table) { m.epoch, m.upTo = "e2", m.upTo+1_000 },
		"with the former name": func(m *table) { m.upTo = 50 },
	} {
		t.Run(name, func(t *testing.T) {
			m := newTable()
			hub := replica(t, m)
			var before, after ear
			defer before.listen(t, hub, stream.Group{}, start)()
			m.change("a", "FXS1")
			before.await(t, "a")
			m.mu.Lock()
			restore(m)
			position := stream.Position{Epoch: m.epoch, At: m.upTo}
			m.mu.Unlock()
			testkit.Eventually(t, "the reset", 30*time.Second, func() error {
				before.mu.Lock()
				defer before.mu.Unlock()
				if !before.reset {
					return errors.New("no reset")
				}
				return nil
			})
			defer after.listen(t, hub, stream.Group{}, position)()
			m.change("b", "FXS1")
			after.await(t, "b")
			before.await(t, "a")
		})
	}
}

// Who may not listen any more is cut off.
func TestAStreamEndsWithItsToken(t *testing.T) {
	gone := errors.New("revoked")
	var e ear
	err := replica(t, newTable()).Listen(t.Context(), stream.Listener{Alive: func(context.Context) error { return gone }, Write: e.write}, start)
	if !errors.Is(err, gone) {
		t.Errorf("%v", err)
	}
}

func FuzzParsePosition(f *testing.F) {
	f.Add("7f3a0c11-50050")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := stream.ParsePosition(text)
		if err != nil {
			return
		}
		if again, err := stream.ParsePosition(p.String()); err != nil || again != p {
			t.Errorf("%q is read as %v, then %v, %v", text, p, again, err)
		}
	})
}
