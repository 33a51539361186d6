package schedule_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/scripts/testbench/faults/internal/schedule"
)

const seeds = 3000

// of draws the run of a seed for a full core if the seed is odd.
func of(seed uint64) schedule.Run { return schedule.Draw(seed, seed%2 == 1) }

func TestASeedIsAlwaysTheSameRun(t *testing.T) {
	for seed := range uint64(seeds) {
		if diff := cmp.Diff(of(seed), of(seed)); diff != "" {
			t.Fatalf("seed %d: %s", seed, diff)
		}
	}
}

func TestEveryRunIsBoundedAndHealsItself(t *testing.T) {
	most := 2*len(schedule.Processes()) + 17 // every process twice, and the other faults
	for seed := range uint64(seeds) {
		r := of(seed)
		if len(r.Faults) == 0 || len(r.Faults) > most || len(r.Streams) != 5 || r.Window > schedule.LongWindow {
			t.Fatalf("seed %d: %d faults, %d streams", seed, len(r.Faults), len(r.Streams))
		}
		for i, f := range r.Faults {
			if f.At < schedule.Calm || f.End() > r.Window || f.Kind.Lasts() != (f.For > 0) {
				t.Fatalf("seed %d: %s", seed, f)
			}
			if i > 0 && f.At < r.Faults[i-1].At {
				t.Fatalf("seed %d: %s after %s", seed, f, r.Faults[i-1])
			}
		}
	}
}

func TestFaultsBefallWhatThereIs(t *testing.T) {
	processes, links := slices.Concat(schedule.Processes(), schedule.FullServers()), schedule.Links()
	for seed := range uint64(seeds) {
		for _, f := range of(seed).Faults {
			known, places := processes, f.Places()
			if f.Kind.OfLink() || f.Kind == schedule.Move {
				known = links
			}
			if len(places) == 0 {
				t.Fatalf("seed %d: %s befalls nobody", seed, f)
			}
			if f.Kind == schedule.Starve {
				known = []string{schedule.Together, schedule.EachApart}
			}
			for _, place := range places {
				if !slices.Contains(known, place) {
					t.Fatalf("seed %d: %s: there is no %s", seed, f, place)
				}
			}
		}
	}
}

// The end of one would also end the other.
func TestNoTwoFaultsLastAtOnePlaceAtOneTime(t *testing.T) {
	for seed := range uint64(seeds) {
		faults := of(seed).Faults
		for i, a := range faults {
			for _, b := range faults[:i] {
				together := a.For > 0 && b.For > 0 && a.At < b.End() && b.At < a.End()
				shared := slices.ContainsFunc(a.Places(), func(p string) bool { return slices.Contains(b.Places(), p) })
				if together && shared {
					t.Fatalf("seed %d: %s and %s", seed, a, b)
				}
			}
		}
	}
}

// These seeds must cover each scenario, each kind, each process and each link.
func TestEverythingIsTried(t *testing.T) {
	missing := map[string]bool{}
	for _, place := range slices.Concat(schedule.Processes(), schedule.FullServers(), schedule.Links(), schedule.Scenarios()) {
		missing[place] = true
	}
	for _, k := range []schedule.Kind{
		schedule.Kill, schedule.Restart, schedule.Freeze, schedule.Away, schedule.Cut, schedule.Refuse, schedule.Hold, schedule.HoldOut, schedule.HoldIn,
		schedule.Hang, schedule.Deafen, schedule.Silence, schedule.Slow, schedule.VerySlow, schedule.Narrow,
		schedule.Move, schedule.Drain, schedule.Starve, schedule.Day, schedule.Die, schedule.HangUp, schedule.Block, schedule.Poor,
	} {
		missing[string(k)] = true
	}
	for seed := range uint64(300) {
		r := of(seed)
		for _, name := range r.Scenarios {
			delete(missing, name)
		}
		for _, f := range r.Faults {
			delete(missing, string(f.Kind))
			for _, place := range f.Places() {
				delete(missing, place)
			}
		}
	}
	if len(missing) > 0 {
		t.Errorf("300 seeds leave out %v", missing)
	}
}

func TestOnlyAFullCoresServersAreHarmedThere(t *testing.T) {
	for seed := range uint64(seeds) {
		isFull := func(f schedule.Fault) bool { return slices.Contains(schedule.FullServers(), f.Target) }
		if slices.ContainsFunc(schedule.Draw(seed, false).Faults, isFull) {
			t.Fatalf("seed %d harms a server that is not there", seed)
		}
		if r := schedule.Draw(seed, true); !slices.ContainsFunc(r.Faults, isFull) && len(r.Faults) < 14 {
			t.Fatalf("seed %d harms no server of a full core", seed)
		}
	}
}

func TestAFaultIsToldInAFewWords(t *testing.T) {
	for seed := range uint64(100) {
		for _, f := range of(seed).Faults {
			if text := f.String(); len(text) > 60 || strings.Contains(text, "%!") {
				t.Errorf("%q", text)
			}
		}
	}
}
