package audit

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Bounds of what a program holds while the broker is away.
const (
	mostWaiting   = 10_000          // notes, about 5 MB
	mostStrangers = mostWaiting / 4 // of them about strangers
	mostAtOnce    = 50              // notes in one message
)

// alarmed is for how long [Trail.Concern] tells that notes were dropped.
const alarmed = time.Hour

// Trail holds notes in the order in which they were made. It is safe for concurrent use. A nil Trail keeps no notes.
type Trail struct {
	now func() time.Time

	mu        sync.Mutex
	waiting   []held
	strangers int // of those that wait
	tallies   tallies
	dropped   int       // since the last entry that said so
	lost      int64     // since the start
	lostAt    time.Time // the last one
	came      chan struct{}
}

// held is an entry that waits.
type held struct {
	Entry

	stranger bool
}

// NewTrail returns an empty trail.
func NewTrail() *Trail { return newTrail(time.Now) }

func newTrail(now func() time.Time) *Trail {
	return &Trail{now: now, tallies: tallies{}, came: make(chan struct{}, 1)}
}

// Note keeps a note about somebody who has proven who it is, or about the program itself.
func (t *Trail) Note(n Note) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.keep(held{Entry: Entry{Note: n.bounded(), At: t.now().UTC(), Count: 1}})
}

// Stranger keeps a note about somebody who has proven nothing, or counts it: see the package.
func (t *Trail) Stranger(n Note) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now().UTC()
	t.settle(now)
	if n = n.bounded(); t.tallies.first(n, now) {
		t.keep(held{Entry{Note: n, At: now, Count: 1}, true})
	}
}

// keep adds an entry, or drops it if there is no room. The caller holds mu.
func (t *Trail) keep(h held) {
	if len(t.waiting) >= mostWaiting || h.stranger && t.strangers >= mostStrangers {
		t.dropped += h.Count
		t.lost += int64(h.Count)
		t.lostAt = h.At
		return
	}
	if h.stranger {
		t.strangers++
	}
	t.waiting = append(t.waiting, h)
	select {
	case t.came <- struct{}{}:
	default:
	}
}

// settle says what was counted in minutes that are over. The caller holds mu.
func (t *Trail) settle(now time.Time) {
	for _, e := range t.tallies.over(now) {
		t.keep(held{e, true})
	}
}

// Next waits until there are entries, and returns the oldest of them: the same ones until Sent. It returns none when ctx ends before.
func (t *Trail) Next(ctx context.Context) []Entry {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if some := t.oldest(); len(some) > 0 {
			return some
		}
		select {
		case <-ctx.Done():
			return nil
		case <-t.came:
		case <-tick.C:
		}
	}
}

func (t *Trail) oldest() []Entry {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.settle(t.now().UTC())
	some := make([]Entry, 0, mostAtOnce)
	for _, h := range t.waiting[:min(len(t.waiting), mostAtOnce)] {
		some = append(some, h.Entry)
	}
	return some
}

// Sent forgets the oldest entries: somebody else has them now. Once there is room again, it notes how many were dropped.
func (t *Trail) Sent(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, h := range t.waiting[:n] {
		if h.stranger {
			t.strangers--
		}
	}
	t.waiting = append([]held(nil), t.waiting[n:]...)
	if n > 0 && t.dropped > 0 {
		why := fmt.Sprintf("%d notes were dropped: the broker did not take them for too long", t.dropped)
		t.dropped = 0
		t.keep(held{Entry: Entry{Note: Note{What: "audit.dropped", Outcome: Refused, Why: why}, At: t.now().UTC(), Count: 1}})
	}
}

// Close says what was counted in the minute that is not over, for a program that stops.
func (t *Trail) Close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.settle(t.now().UTC().Add(interval))
}

// Held returns how many entries wait.
func (t *Trail) Held() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.waiting)
}

// Lost returns how many notes were dropped since the start.
func (t *Trail) Lost() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.lost
}

// Concern returns an error for an hour after a note was dropped.
func (t *Trail) Concern(context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lost == 0 || t.now().Sub(t.lostAt) > alarmed {
		return nil
	}
	return fmt.Errorf("%d notes for the audit were dropped, the last one at %s", t.lost, t.lostAt.UTC().Format(time.RFC3339))
}
