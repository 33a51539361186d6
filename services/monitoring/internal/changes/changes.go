// Package changes tells listeners which parts of what monitoring knows have changed, so that they read those again. It tells no content: a
// listener that is slow, or was away, misses nothing that one more reading does not show.
package changes

import (
	"context"
	"crypto/rand"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Every is how often the parts are looked at, and how often a listener hears something.
const Every = time.Second

// lookBound bounds one look at a part.
const lookBound = 2 * time.Second

// Look returns something that differs whenever a part has changed.
type Look func(ctx context.Context) (any, error)

// Hub looks at all parts while somebody listens. It is safe for concurrent use.
type Hub struct {
	epoch string
	looks map[string]Look // by topic
	now   func() time.Time

	mu        sync.Mutex
	seq       uint64
	changed   map[string]uint64 // by topic: the number of its last change
	marks     map[string]uint64
	read      map[string]time.Time // when each topic was looked at last
	listeners map[chan struct{}]bool
}

// New returns a hub of topics.
func New(looks map[string]Look, now func() time.Time) *Hub {
	return &Hub{
		epoch: rand.Text()[:8], looks: looks, now: now,
		changed: map[string]uint64{}, marks: map[string]uint64{}, read: map[string]time.Time{}, listeners: map[chan struct{}]bool{},
	}
}

// Run looks until ctx ends. It returns nil.
func (h *Hub) Run(ctx context.Context) error {
	tick := time.NewTicker(Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if h.awaited() {
				h.Once(ctx)
			}
		}
	}
}

func (h *Hub) awaited() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.listeners) > 0
}

// Once looks at all parts once, and wakes the listeners. A part that cannot be seen has not changed; its age grows.
func (h *Hub) Once(ctx context.Context) {
	seen := map[string]uint64{}
	for topic, look := range h.looks {
		bounded, cancel := context.WithTimeout(ctx, lookBound)
		if value, err := look(bounded); err == nil {
			seen[topic] = mark(value)
		}
		cancel()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.note(seen)
	for wake := range h.listeners {
		select {
		case wake <- struct{}{}:
		default: // it has not heard of the look before
		}
	}
}

func (h *Hub) note(seen map[string]uint64) {
	now, next := h.now(), h.seq+1
	for topic, is := range seen {
		was, known := h.marks[topic]
		h.marks[topic], h.read[topic] = is, now
		if !known || was != is {
			h.changed[topic], h.seq = next, next
		}
	}
}

func mark(value any) uint64 {
	sum := fnv.New64a()
	_, _ = fmt.Fprintf(sum, "%v", value) // never fails
	return sum.Sum64()
}

// Position is how far a listener has heard. The zero Position has heard nothing.
type Position struct {
	epoch string
	seq   uint64
}

// String returns the position as ParsePosition reads it.
func (p Position) String() string { return p.epoch + "-" + strconv.FormatUint(p.seq, 10) }

// ParsePosition reads a position; false if the text is none.
func ParsePosition(text string) (Position, bool) {
	epoch, number, _ := strings.Cut(text, "-")
	seq, err := strconv.ParseUint(number, 10, 64)
	return Position{epoch, seq}, err == nil && epoch != ""
}

// News is what a listener hears.
type News struct {
	At     time.Time
	To     Position
	Topics []string                 // that have changed since its position; of another hub's position: all
	Ages   map[string]time.Duration // since each topic was looked at
}

// Listen hands news to tell about once a second until ctx ends or tell fails. It returns tell's error, or nil.
func (h *Hub) Listen(ctx context.Context, from Position, tell func(News) error) error {
	wake := make(chan struct{}, 1)
	h.join(wake, true)
	defer h.join(wake, false)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-wake:
			news := h.since(from)
			if err := tell(news); err != nil {
				return err
			}
			from = news.To
		}
	}
}

func (h *Hub) join(wake chan struct{}, in bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if in {
		h.listeners[wake] = true
		return
	}
	delete(h.listeners, wake)
}

func (h *Hub) since(p Position) News {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := News{At: h.now(), To: Position{h.epoch, h.seq}, Ages: map[string]time.Duration{}}
	for topic, at := range h.read {
		n.Ages[topic] = n.At.Sub(at)
	}
	for _, topic := range slices.Sorted(maps.Keys(h.changed)) {
		if p.epoch != h.epoch || h.changed[topic] > p.seq {
			n.Topics = append(n.Topics, topic)
		}
	}
	return n
}
