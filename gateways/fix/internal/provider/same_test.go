package provider_test

import (
	"net/netip"
	"reflect"
	"testing"
	"time"

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
		"ShowsLimits":      {func(p *provider.Provider) { p.ShowsLimits = true }, false},
		"PlainText":        {func(p *provider.Provider) { p.PlainText = true }, true},
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
	for _, field := range reflect.VisibleFields(reflect.TypeFor[provider.Provider]()) {
		rule, known := all[field.Name]
		if !known && field.Name != "ID" && !field.Anonymous {
			t.Errorf("%s has no rule here", field.Name)
		}
		if !known {
			continue
		}
		var before, after provider.Provider
		rule.change(&after)
		if session, door := before.SameSession(after), before.SameDoor(after); session != rule.goesOn || door == rule.goesOn {
			t.Errorf("%s: the same session: %t, door: %t", field.Name, session, door)
		}
		if !after.SameSession(after) || !after.SameDoor(after) {
			t.Errorf("%s: the same differs", field.Name)
		}
	}
}
