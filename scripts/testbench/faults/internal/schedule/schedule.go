// Package schedule draws a run from a seed: which providers trade and how much, and which faults hit which processes
// and links, when and for how long. The same seed gives the same run as long as this package does not change.
package schedule

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Run is everything that a seed decides.
type Run struct {
	Seed      uint64
	Window    time.Duration // length of the run; all faults are within it
	Scenarios []string      // names of the drawn scenarios, in order
	Streams   []Stream
	Deletes   bool    // two persons delete trades meanwhile; no seed decides it
	Faults    []Fault // in the order of time
}

// Stream is one provider's traffic.
type Stream struct {
	Kind      string // the door: fix or socket; or api
	Provider  string
	PerSecond int
	Seed      uint64
}

// Fault is one planned fault.
type Fault struct {
	Kind   Kind
	Target string // a process, such as fix-1, or a link, such as auth-1>postgres; * stands for all on its side of a link
	At     time.Duration
	For    time.Duration // 0: it does not last
}

// End returns when the fault is over.
func (f Fault) End() time.Duration { return f.At + f.For }

// String returns the fault in a few words.
func (f Fault) String() string {
	if f.For == 0 {
		return fmt.Sprintf("%s %s @%.1fs", f.Kind, f.Target, f.At.Seconds())
	}
	return fmt.Sprintf("%s %s @%.1fs+%.1fs", f.Kind, f.Target, f.At.Seconds(), f.For.Seconds())
}

// Faults begin at Calm or later, and are over by the end of the window. One run in ten has the long window: only
// there can slow effects appear, such as a missed heartbeat of the broker.
const (
	Calm        = 500 * time.Millisecond
	ShortWindow = 5500 * time.Millisecond
	LongWindow  = 16 * time.Second
	most        = 14 // faults in a run; a scenario that hits all processes may have more
)

// Draw returns the run of a seed. full says that the core has the servers of a full start: then one of them is harmed, too.
func Draw(seed uint64, full bool) Run {
	d := &dice{Rand: rand.New(rand.NewPCG(seed, 0x6661756c7473)), window: ShortWindow} //nolint:gosec // to be drawn again
	if d.pick(90, 10) == 1 {
		d.window = LongWindow
	}
	r := Run{Seed: seed, Window: d.window, Streams: d.streams()}
	r.add(d.days()...)
	for range d.pick(50, 35, 15) + 1 {
		s := d.scenario()
		r.Scenarios = append(r.Scenarios, s.name)
		r.add(s.draw(d)...)
	}
	watch := &dice{Rand: rand.New(rand.NewPCG(seed, 0x65796573)), window: d.window} //nolint:gosec // dice of its own: the others fall as before
	if full || watch.pick(85, 15) == 1 {
		r.Scenarios = append(r.Scenarios, eyes)
		r.add(watch.eyes(full)...)
	}
	hunger := &dice{Rand: rand.New(rand.NewPCG(seed, 0x68756e67)), window: d.window} //nolint:gosec // dice of its own: the others fall as before
	if hunger.pick(90, 10) == 1 {
		r.Scenarios = append(r.Scenarios, starved)
		r.add(hunger.starvation()...)
	}
	slices.SortStableFunc(r.Faults, func(a, b Fault) int { return int(a.At - b.At) })
	return r
}

// add adds the faults to the run, moved and shortened into its window. It leaves out a lasting fault that meets another
// at the same place: the end of one would also end the other. Once the run has most faults, only a scenario of at least
// as many is added.
func (r *Run) add(faults ...Fault) {
	for _, f := range faults {
		crowded := len(r.Faults) >= most && len(faults) < most
		if f = f.within(r.Window); !crowded && !slices.ContainsFunc(r.Faults, f.meets) {
			r.Faults = append(r.Faults, f)
		}
	}
}

// within moves and shortens a fault so that it is over by the end of the window.
func (f Fault) within(window time.Duration) Fault {
	f.At = min(max(f.At, Calm), window).Round(10 * time.Millisecond)
	f.For = min(f.For, window-f.At).Round(10 * time.Millisecond)
	if f.Kind.Lasts() && f.For < shortest {
		f.At, f.For = window-shortest, shortest
	}
	return f
}

const shortest = 100 * time.Millisecond

// meets reports whether both faults last and share a place and a time.
func (f Fault) meets(other Fault) bool {
	if f.For == 0 || other.For == 0 || f.At >= other.End() || other.At >= f.End() {
		return false
	}
	theirs := other.Places()
	return slices.ContainsFunc(f.Places(), func(place string) bool { return slices.Contains(theirs, place) })
}

// Places returns the processes or links that the target stands for.
func (f Fault) Places() []string {
	from, to, link := strings.Cut(f.Target, ">")
	if !link || !strings.Contains(f.Target, "*") {
		return []string{f.Target}
	}
	var all []string
	for _, l := range Links() {
		a, b, _ := strings.Cut(l, ">")
		if (from == "*" || from == a) && (to == "*" || to == b) {
			all = append(all, l)
		}
	}
	return all
}
