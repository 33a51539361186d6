package lease

import (
	"maps"
	"slices"
	"time"
)

// Grant is the right to act for a name: the epoch is what fenced writes carry.
type Grant struct {
	Name  string
	Epoch int64
}

// book is what one process knows of the names that it wants and holds, and decides what it may believe. It is pure: it is
// told what was sent when, what was answered, and what time it is. Times are since the start of the process by its
// monotonic clock, so that no wall clock can be mistaken for it.
type book struct {
	belief  time.Duration
	entries map[string]*entry
}

type entry struct {
	wanted bool
	phase  phase
	epoch  int64
	until  time.Duration // when belief ends; moved by renewals
	others bool          // another process had it when it was last tried
}

// phase is where a name stands in this process. The tenant knows of it from held until its Lost returns.
type phase int

const (
	idle    phase = iota // not ours; taken if it is wanted
	held                 // ours until belief ends
	giving               // the tenant is ending on request: renewed meanwhile, so that it ends in peace
	losing               // the tenant is ending because the lease is lost: its row is left alone
	leaving              // no tenant: its row is to be released
)

func newBook(belief time.Duration) *book {
	return &book{belief: belief, entries: map[string]*entry{}}
}

// holds tells whether the name is held at this instant, also if nobody has looked at the clock for long.
func (b *book) holds(name string, now time.Duration) (epoch int64, ok bool) {
	e := b.entries[name]
	if e == nil || e.phase != held || now >= e.until {
		return 0, false
	}
	return e.epoch, true
}

// free lists what is to be taken.
func (b *book) free() []string {
	var names []string
	for _, name := range b.sorted() {
		if e := b.entries[name]; e.wanted && e.phase == idle {
			names = append(names, name)
		}
	}
	return names
}

// unsettled lists what is wanted, not held, and has not been tried.
func (b *book) unsettled() []string {
	var names []string
	for _, name := range b.sorted() {
		if e := b.entries[name]; e.wanted && e.phase == idle && !e.others {
			names = append(names, name)
		}
	}
	return names
}

// tried is told which names a statement has tried to take, and has not.
func (b *book) tried(names []string) {
	for _, name := range names {
		if e := b.entries[name]; e != nil {
			e.others = e.phase == idle
		}
	}
}

// renewable lists what is to be renewed.
func (b *book) renewable(now time.Duration) []Grant {
	return b.grants(func(e *entry) bool { return e.renewable() && now < e.until })
}

// releasable lists what is to be released.
func (b *book) releasable() []Grant {
	return b.grants(func(e *entry) bool { return e.phase == leaving })
}

// next is when belief ends for the first of the names.
func (b *book) next() (at time.Duration, some bool) {
	for _, e := range b.entries {
		if e.renewable() && (!some || e.until < at) {
			at, some = e.until, true
		}
	}
	return at, some
}

func (b *book) grants(chosen func(*entry) bool) []Grant {
	var grants []Grant
	for _, name := range b.sorted() { // statements lock rows in one order
		if e := b.entries[name]; chosen(e) {
			grants = append(grants, Grant{name, e.epoch})
		}
	}
	return grants
}

func (b *book) ours(g Grant) *entry {
	if e := b.entries[g.Name]; e != nil && e.renewable() && e.epoch == g.Epoch {
		return e
	}
	return nil
}

func (b *book) entry(name string) *entry {
	if b.entries[name] == nil {
		b.entries[name] = &entry{}
	}
	return b.entries[name]
}

func (b *book) forget(name string) {
	if e := b.entries[name]; e != nil && !e.wanted && e.phase == idle {
		delete(b.entries, name)
	}
}

func (b *book) sorted() []string { return slices.Sorted(maps.Keys(b.entries)) }

func (e *entry) renewable() bool { return e.phase == held || e.phase == giving }
