// Package schedule draws from a seed what happens in a run: who trades and how much, and which faults befall whom, when
// and for how long. The same seed gives the same run, as long as this package is the same.
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
	Window    time.Duration // the time in which all happens
	Scenarios []string      // what the faults are meant as, in the order in which they were drawn
	Streams   []Stream
	Faults    []Fault // by their time
}

// Stream is one provider's traffic.
type Stream struct {
	Kind      string // of generator: fix
	Provider  string
	PerSecond int
	Seed      uint64
}

// Fault is one thing that goes wrong.
type Fault struct {
	Kind   Kind
	Target string // a process, fix-1, or a link, auth-1>postgres; on either side of a link * is everyone
	At     time.Duration
	For    time.Duration // 0: it happens once and lasts no longer
}

// End is when the fault is over.
func (f Fault) End() time.Duration { return f.At + f.For }

// String is the fault in a few words.
func (f Fault) String() string {
	if f.For == 0 {
		return fmt.Sprintf("%s %s @%.1fs", f.Kind, f.Target, f.At.Seconds())
	}
	return fmt.Sprintf("%s %s @%.1fs+%.1fs", f.Kind, f.Target, f.At.Seconds(), f.For.Seconds())
}

// Faults happen from Calm on, and all of them are over by the end of the window. One run in ten has a long one: what
// takes patience, such as a missing heartbeat of the broker, shows there alone.
const (
	Calm        = 500 * time.Millisecond
	ShortWindow = 5500 * time.Millisecond
	LongWindow  = 16 * time.Second
	most        = 14 // faults in a run, but for those of a scenario that is everyone's
)

// Draw draws the run of a seed.
func Draw(seed uint64) Run {
	d := &dice{Rand: rand.New(rand.NewPCG(seed, 0x6661756c7473)), window: ShortWindow} //nolint:gosec // to be drawn again
	if d.pick(90, 10) == 1 {
		d.window = LongWindow
	}
	r := Run{Seed: seed, Window: d.window, Streams: d.streams()}
	for range d.pick(50, 35, 15) + 1 {
		s := d.scenario()
		r.Scenarios = append(r.Scenarios, s.name)
		r.add(s.draw(d)...)
	}
	slices.SortStableFunc(r.Faults, func(a, b Fault) int { return int(a.At - b.At) })
	return r
}

// add takes the faults that go together with those that are there: no two that last meet at the same place, since the end
// of the one would be the end of the other.
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

// meets tells whether both last, at a common place and at a common time.
func (f Fault) meets(other Fault) bool {
	if f.For == 0 || other.For == 0 || f.At >= other.End() || other.At >= f.End() {
		return false
	}
	theirs := other.Places()
	return slices.ContainsFunc(f.Places(), func(place string) bool { return slices.Contains(theirs, place) })
}

// Places are the processes or links that the target stands for.
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
