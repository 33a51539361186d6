package roster_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fxcore/gateways/internal/roster"
)

// named is a provider with one rule of its session, and one of its door.
type named struct {
	id            string
	session, door int
}

func (n named) Name() string                 { return n.id }
func (n named) SameSession(other named) bool { return n.session == other.session }
func (n named) SameDoor(other named) bool    { return n.door == other.door }

// Whatever the two sets are, the difference has each changed provider once, and no provider that is the same. Applied to the
// first set it makes the second.
func TestADifferenceMakesOneSetOfTheOther(t *testing.T) {
	sets := rapid.Custom(func(t *rapid.T) []named {
		var set []named
		for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"A", "B", "C", "D", "E"}), 0, 5, rapid.ID).Draw(t, "ids") {
			set = append(set, named{id, rapid.IntRange(0, 1).Draw(t, "session"), rapid.IntRange(0, 1).Draw(t, "door")})
		}
		return set
	})
	rapid.Check(t, func(t *rapid.T) {
		before, after := sets.Draw(t, "before"), sets.Draw(t, "after")
		d := roster.Compare(before, after)
		now, touched := map[string]named{}, map[string]int{}
		for _, p := range before {
			now[p.id] = p
		}
		for _, p := range d.Removed {
			touched[p.id]++
			delete(now, p.id)
		}
		for _, some := range [][]named{d.Added, d.Anew, d.Update} {
			for _, p := range some {
				if reflect.DeepEqual(now[p.id], p) {
					t.Fatalf("%s is the same and was touched", p.id)
				}
				touched[p.id]++
				now[p.id] = p
			}
		}
		want := map[string]named{}
		for _, p := range after {
			want[p.id] = p
		}
		if !reflect.DeepEqual(now, want) {
			t.Fatalf("%+v, want %+v", now, want)
		}
		for id, n := range touched {
			if n != 1 {
				t.Fatalf("%s was touched %d times", id, n)
			}
		}
	})
}

func TestNamesAreSorted(t *testing.T) {
	if diff := cmp.Diff([]string{"A", "B"}, roster.Names([]named{{id: "B"}, {id: "A"}})); diff != "" {
		t.Error(diff)
	}
}
