package lease

import (
	"maps"
	"slices"
	"time"
)

// Grant is the right to act for a name. Fenced writes carry its epoch.
type Grant struct {
	Name  string
	Epoch int64
}

// book is what one process knows of the names that it wants and holds. It decides what the process may believe. It is pure:
// callers tell it what was sent when, what was answered, and what time it is. Times are durations since the start of the
// process by its monotonic clock, so that no wall clock can be mistaken for it.
type book struct {
	entries map[string]*entry
}

type entry struct {
	wanted bool
	phase  phase
	epoch  int64
	until  time.Duration // when belief ends; moved by renewals
	others bool          // another process held it at the last try
	rests  time.Duration // until then it is not taken
}

// phase is the state of a name in this process. Its tenant runs from held until Lost returns.
type phase int

const (
	idle    phase = iota // not ours; to be taken if it is wanted
	held                 // ours until belief ends
	giving               // the tenant is ending on request; the lease is renewed until it has ended
	losing               // the tenant is ending because the lease is lost; its row is left alone
	leaving              // there is no tenant; the row is to be released
)

func newBook() *book { return &book{entries: map[string]*entry{}} }

// holds tells whether the name is held at the given time, even if lapsed was not called for long.
func (b *book) holds(name string, now time.Duration) (epoch int64, ok bool) {
	e := b.entries[name]
	if e == nil || e.phase != held || now >= e.until {
		return 0, false
	}
	return e.epoch, true
}

// free lists the names that are to be taken at the given time.
func (b *book) free(now time.Duration) []string {
	var names []string
	for _, name := range b.sorted() {
		if e := b.entries[name]; e.wanted && e.phase == idle && now >= e.rests {
			names = append(names, name)
		}
	}
	return names
}

// unsettled lists the names that are wanted, not held, and not known to be another process's.
func (b *book) unsettled() []string {
	var names []string
	for _, name := range b.sorted() {
		if e := b.entries[name]; e.wanted && e.phase == idle && !e.others {
			names = append(names, name)
		}
	}
	return names
}

// tried notes that a statement has tried to take these names. Those that are not held now are another process's.
func (b *book) tried(names []string) {
	for _, name := range names {
		if e := b.entries[name]; e != nil {
			e.others = e.phase == idle
		}
	}
}

// renewable lists the grants that are to be renewed.
func (b *book) renewable(now time.Duration) []Grant {
	return b.grants(func(e *entry) bool { return e.renewable() && now < e.until })
}

// releasable lists the grants whose rows are to be released.
func (b *book) releasable() []Grant {
	return b.grants(func(e *entry) bool { return e.phase == leaving })
}

// next is when belief ends for the first of the names; some is false if there is none.
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
