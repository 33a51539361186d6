package provider_test

import (
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/variation"
	"fxcore/gateways/internal/schedule"
)

func hours(t *testing.T, s schedule.Spec) schedule.Schedule {
	t.Helper()
	made, err := s.Schedule()
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// changes has one for each field of a provider, and whether its session can go on.
func changes(t *testing.T) map[string]struct {
	change func(*provider.Provider)
	goesOn bool
} {
	daily := schedule.Spec{Zone: "UTC", Start: "06:00", End: "20:00"}
	return map[string]struct {
		change func(*provider.Provider)
		goesOn bool
	}{
		"BeginString":      {func(p *provider.Provider) { p.BeginString = provider.FIXT11 }, false},
		"DefaultApplVerID": {func(p *provider.Provider) { p.DefaultApplVerID = "9" }, false},
		"CompID":           {func(p *provider.Provider) { p.CompID = "X" }, false},
		"OurCompID":        {func(p *provider.Provider) { p.OurCompID = "X" }, false},
		"User":             {func(p *provider.Provider) { p.User = "x" }, true},
		"PasswordHash":     {func(p *provider.Provider) { p.PasswordHash = "x" }, true},
		"MaxHeartbeat":     {func(p *provider.Provider) { p.MaxHeartbeat = time.Minute }, true},
		"Addresses":        {func(p *provider.Provider) { p.Addresses = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} }, true},
		"Certificate":      {func(p *provider.Provider) { p.Certificate = "x" }, true},
		"Throttle":         {func(p *provider.Provider) { p.Throttle.PerSecond = 7 }, true},
		"Reset":            {func(p *provider.Provider) { p.Reset = provider.ResetNever }, false},
		"Dialect":          {func(p *provider.Provider) { p.Dialect = "x" }, false},
		"Variation":        {func(p *provider.Provider) { p.Variation = variation.Variation{Tenors: map[string]string{"SP": "0"}} }, false},
		"Schedule":         {func(p *provider.Provider) { p.Schedule = hours(t, daily) }, false},
		"CancelAfter":      {func(p *provider.Provider) { p.CancelAfter = 5 }, false},
	}
}

// Each field that differs is found, and ends the session only where it must. A field without a rule here fails the test.
func TestEachFieldThatDiffersIsFound(t *testing.T) {
	all := changes(t)
	for field := range reflect.TypeFor[provider.Provider]().Fields() {
		rule, known := all[field.Name]
		if !known && field.Name != "ID" {
			t.Errorf("%s has no rule here", field.Name)
		}
		if !known {
			continue
		}
		before := []provider.Provider{{ID: "A"}, {ID: "B"}}
		after := []provider.Provider{{ID: "A"}, {ID: "B"}}
		rule.change(&after[1])
		want := provider.Difference{Anew: after[1:]}
		if rule.goesOn {
			want = provider.Difference{Update: after[1:]}
		}
		if got := provider.Compare(before, after); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v", field.Name, got)
		}
		if got := provider.Compare(after, after); !reflect.DeepEqual(got, provider.Difference{}) {
			t.Errorf("%s: the same differs: %+v", field.Name, got)
		}
	}
}

// Whatever the two sets: who does what is said of everybody once, of nobody who is the same, and done, it makes of the
// first set the second.
func TestADifferenceMakesOneSetOfTheOther(t *testing.T) {
	sets := rapid.Custom(func(t *rapid.T) []provider.Provider {
		var set []provider.Provider
		for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"A", "B", "C", "D", "E"}), 0, 5, rapid.ID).Draw(t, "ids") {
			set = append(set, provider.Provider{
				ID: id, CompID: rapid.SampledFrom([]string{"X", "Y"}).Draw(t, "session"),
				Throttle: provider.Throttle{PerSecond: rapid.IntRange(0, 1).Draw(t, "pace")},
			})
		}
		return set
	})
	rapid.Check(t, func(t *rapid.T) {
		before, after := sets.Draw(t, "before"), sets.Draw(t, "after")
		d := provider.Compare(before, after)
		now, touched := map[string]provider.Provider{}, map[string]int{}
		for _, p := range before {
			now[p.ID] = p
		}
		for _, p := range d.Removed {
			touched[p.ID]++
			delete(now, p.ID)
		}
		for _, some := range [][]provider.Provider{d.Added, d.Anew, d.Update} {
			for _, p := range some {
				if reflect.DeepEqual(now[p.ID], p) {
					t.Fatalf("%s is the same and was touched", p.ID)
				}
				touched[p.ID]++
				now[p.ID] = p
			}
		}
		want := map[string]provider.Provider{}
		for _, p := range after {
			want[p.ID] = p
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

func TestIDsAreSorted(t *testing.T) {
	if diff := cmp.Diff([]string{"A", "B"}, provider.IDs([]provider.Provider{{ID: "B"}, {ID: "A"}})); diff != "" {
		t.Error(diff)
	}
}
