package steps

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/health"
	"fxcore/lambda/log"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/store"
)

// How often a replica says that it works, and after which silence others take its chains.
const (
	aliveEach   = 2 * time.Second
	aliveWithin = 10 * time.Second
)

// Follow reads the stream of a bus, as [amqp.Bus.Follow].
type Follow func(ctx context.Context, stream string, from amqp.Offset, read amqp.Reader) error

// Writer takes the messages of this replica's chains from the stream into the journal. Replicas share the chains; if they do not
// agree for a moment, the store lets one of them append.
type Writer struct {
	Name   string
	Active int // how many replicas work at a time, while the others stand by; 0: all. Each that works reads the whole stream
	Store  store.Store
	Follow Follow
	Clock  func() time.Time
	Log    *slog.Logger

	Appended, Repeated, Unreadable *health.Counter

	inHand atomic.Pointer[gathering]
	last   atomic.Pointer[stored]
	keys   keyring
	heads  map[int]journal.Head // of the chains of this replica; empty: to be read
}

// stored says how old the oldest message was of those that were stored last, and when that was.
type stored struct {
	at  time.Time
	lag time.Duration
}

// lagHolds is for how long the lag of the messages that were stored last counts. Between two batches of a long backlog none is in hand.
const lagHolds = 10 * time.Second

// Lag returns for how long the oldest message waits that is not in the journal yet. If none is in hand, it returns how long the messages
// waited that were stored in the last seconds; 0 if there were none.
func (w *Writer) Lag() time.Duration {
	if g := w.inHand.Load(); g != nil {
		if oldest := g.oldest(); !oldest.IsZero() {
			return max(0, w.Clock().Sub(oldest))
		}
	}
	if last := w.last.Load(); last != nil && w.Clock().Sub(last.at) < lagHolds {
		return last.lag
	}
	return 0
}

// Run shares the chains with the other replicas and follows the stream, until ctx ends. It returns nil.
func (w *Writer) Run(ctx context.Context) error {
	w.keys = keyring{keys: w.Store}
	var mine []int
	var end func()
	defer func() {
		if end != nil {
			end()
		}
	}()
	for {
		names, err := w.Store.Alive(ctx, w.Name, aliveWithin)
		switch now := share(names, w.Name, w.Active); {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			w.Log.WarnContext(ctx, "replicas are not known, the chains stay as they are shared", log.Error(err))
		case !slices.Equal(mine, now):
			if end != nil {
				end()
			}
			w.Log.InfoContext(ctx, "chains are shared", "labels.replicas", len(names), "labels.chains", len(now))
			mine, end = now, w.begin(ctx, now)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(aliveEach):
		}
	}
}

// begin follows the stream for these chains until the returned function is called, which waits for the end.
func (w *Writer) begin(ctx context.Context, chains []int) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() { w.follow(ctx, chains) })
	return func() { cancel(); done.Wait() }
}

// share returns the chains of a replica. The replicas with the highest numbers of their own work, at most active of them. Each chain has
// the one of these whose name gives the highest number with it. So the others keep theirs when one comes or goes.
func share(replicas []string, name string, active int) []int {
	working := slices.Compact(slices.Sorted(slices.Values(append([]string{name}, replicas...))))
	if active > 0 && len(working) > active {
		slices.SortFunc(working, func(a, b string) int { return int(weight(journal.Chains, b)>>1) - int(weight(journal.Chains, a)>>1) })
		working = working[:active]
	}
	var mine []int
	for chain := range journal.Chains {
		if slices.MaxFunc(working, func(a, b string) int { return int(weight(chain, a)>>1) - int(weight(chain, b)>>1) }) == name {
			mine = append(mine, chain)
		}
	}
	return mine
}

func weight(chain int, name string) uint32 {
	h := fnv.New32a()
	_, _ = fmt.Fprintf(h, "%s|%d|%s", name, chain, name)
	n := h.Sum32()
	n ^= n >> 16
	n *= 0x7feb352d
	n ^= n >> 15
	return n
}

// follow reads the heads of the chains and the stream from there on. It tries until ctx ends.
func (w *Writer) follow(ctx context.Context, chains []int) {
	w.heads = nil
	if len(chains) == 0 {
		<-ctx.Done()
		return
	}
	for ctx.Err() == nil {
		if err := w.readHeads(ctx, chains); err != nil {
			if ctx.Err() == nil {
				w.Log.WarnContext(ctx, "the journal cannot be read, trying again", log.Error(err))
			}
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
			continue
		}
		if err := w.followFrom(ctx, w.from(), chains); err != nil {
			w.Log.ErrorContext(ctx, "the stream cannot be followed", log.Error(err))
			return
		}
	}
}

// followFrom reads the stream and stores what it reads, side by side, until ctx ends.
func (w *Writer) followFrom(ctx context.Context, from amqp.Offset, chains []int) error {
	ctx, end := context.WithCancel(ctx)
	g := newGathering()
	w.inHand.Store(g)
	var storing sync.WaitGroup
	storing.Go(func() { w.store(ctx, chains, g) })
	err := w.Follow(ctx, Stream, from, g.put)
	end()
	storing.Wait()
	w.inHand.Store(nil)
	return err
}

// from returns the first offset that a chain of this replica lacks.
func (w *Writer) from() amqp.Offset {
	first := int64(-1)
	for _, h := range w.heads {
		if first < 0 || h.Offset+1 < first {
			first = h.Offset + 1
		}
	}
	return amqp.Offset(max(first, 0))
}

func (w *Writer) readHeads(ctx context.Context, chains []int) error {
	heads := map[int]journal.Head{}
	today := event.DayOf(w.Clock())
	for _, chain := range chains {
		h, err := w.Store.Head(ctx, chain, today)
		if err != nil {
			return err
		}
		heads[chain] = h
	}
	w.heads = heads
	return nil
}

// The pauses between two attempts to store.
const (
	firstPause = 50 * time.Millisecond
	maxPause   = 2 * time.Second
)

// store stores what was gathered, until ctx ends. What it has in hand then comes again from the stream: the heads tell from where on.
func (w *Writer) store(ctx context.Context, chains []int, g *gathering) {
	for entries := g.take(ctx); entries != nil; entries = g.take(ctx) {
		if !w.insist(ctx, chains, entries) {
			return
		}
		w.last.Store(&stored{w.Clock(), w.Lag()})
	}
}

// insist takes entries into the journal. After an error it reads the heads and takes what they lack. It returns false if ctx has ended.
func (w *Writer) insist(ctx context.Context, chains []int, entries []amqp.Entry) bool {
	for pause := firstPause; ; pause = min(2*pause, maxPause) {
		err := w.take(ctx, chains, entries)
		if err == nil {
			return true
		}
		w.heads = nil
		if ctx.Err() == nil && !errors.Is(err, store.ErrMoved) {
			w.Log.WarnContext(ctx, "messages are not stored, trying again", log.Error(err))
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(pause/2 + rand.N(pause)): //nolint:gosec // so that two replicas that claim the same chains do not stay in step
		}
	}
}
