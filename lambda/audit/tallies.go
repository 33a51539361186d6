package audit

import (
	"net/netip"
	"strings"
	"time"
)

// Bounds of what strangers can make a program say.
const (
	interval  = time.Minute
	mostTold  = 60 // different notes of an interval
	mostNames = 3  // names that strangers have claimed, in one note
)

// others stands for all addresses beyond the bound.
const others = "other addresses"

// same is what equal notes have in common. The claimed name is not in it: a stranger chooses it.
type same struct{ what, outcome, network, about string }

// tally counts equal notes.
type tally struct {
	note  Note
	names []string  // that were claimed
	since time.Time // when the interval began
	first time.Time // of those that were counted
	last  time.Time
	more  int // notes besides the one that was said at once
}

// tallies has the tallies of strangers: mostTold, and one of each kind for all others.
type tallies map[same]*tally

// first counts a note. It reports whether the note is to be said now, because it is the first of its kind.
func (t tallies) first(n Note, now time.Time) bool {
	key := same{n.What, n.Outcome, network(n.From), n.About}
	if _, known := t[key]; !known && len(t) >= mostTold {
		n.From = others
		key = same{n.What, n.Outcome, others, ""}
	}
	one, known := t[key]
	if !known {
		t[key] = &tally{note: n, names: []string{n.Who}, since: now}
		return true
	}
	one.add(n, now)
	return false
}

func (t *tally) add(n Note, now time.Time) {
	if t.more++; t.more == 1 {
		t.first = now
	}
	t.last, t.note.Why = now, n.Why
	for _, name := range t.names {
		if name == n.Who {
			return
		}
	}
	if len(t.names) <= mostNames {
		t.names = append(t.names, n.Who)
	}
}

// over removes the tallies whose interval is over, and returns what they have counted.
func (t tallies) over(now time.Time) (said []Entry) {
	for key, one := range t {
		if now.Sub(one.since) < interval {
			continue
		}
		delete(t, key)
		if one.more > 0 {
			said = append(said, one.entry())
		}
	}
	return said
}

func (t *tally) entry() Entry {
	n, names := t.note, t.names
	if n.Who = strings.Join(names[:min(len(names), mostNames)], ", "); len(names) > mostNames {
		n.Who += " and others"
	}
	since := t.first
	return Entry{Note: n.bounded(), At: t.last, Count: t.more, Since: &since}
}

// network returns the network of an address that one sender can have for itself: 64 bits of IPv6. What is no address stands for itself.
func network(address string) string {
	if with, err := netip.ParseAddrPort(address); err == nil {
		address = with.Addr().String()
	}
	if a, err := netip.ParseAddr(address); err == nil && a.Is6() && !a.Is4In6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return address
}
